package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetAgreementTest {
    private static final String LINE = "policy=optional instances=3 restarted=1 rate=60 interval=1000 fall=2 rise=3"
            + " before=5000 outage=30100 after=15000 restartAfter=10000 drain=4000 restart=4500"
            + " served=500 degraded=200 failed=300 recovery=1500 restarts=1";

    private final FleetRun real = FleetRun.parse(LINE);

    @Test
    void a_line_has_the_settings_and_the_result() {
        assertThat(real.settings().policy()).isEqualTo(FleetPolicy.OPTIONAL);
        assertThat(real.settings().probing()).isEqualTo(new FleetSettings.Probing(Duration.ofSeconds(1), 2, 3));
        assertThat(real.settings().course().outage()).isEqualTo(Duration.ofMillis(30_100));
        assertThat(real.settings().course().drain()).isEqualTo(Duration.ofSeconds(4));
        assertThat(real.result()).isEqualTo(result(500, 200, 300, 1500, 1));
    }

    @Test
    void what_differs_a_little_agrees() {
        assertThat(differences(result(529, 171, 300, 3500, 1))).isEmpty();
        assertThat(differences(result(5000, 2000, 3000, 0, 1))).isEmpty();
    }

    @Test
    void what_differs_more_is_named() {
        assertThat(differences(result(532, 168, 300, 1500, 1)))
                .containsExactly(
                        "optional: served 50.0 %, simulated 53.2 % (expected: within 3 points)",
                        "optional: degraded 20.0 %, simulated 16.8 % (expected: within 3 points)");
        assertThat(differences(result(500, 168, 332, 1500, 1))).hasSize(2);
        assertThat(differences(result(500, 200, 300, 3600, 1)))
                .containsExactly("optional: recovery 1.5 s, simulated 3.6 s (expected: within 2.0 s)");
        assertThat(differences(result(500, 200, 300, 1500, 2)))
                .containsExactly("optional: restarts 1, simulated 2 (expected: the same)");
    }

    private List<String> differences(FleetResult simulated) {
        return FleetAgreement.differences(real, simulated);
    }

    private static FleetResult result(long served, long degraded, long failed, long recovery, int restarts) {
        return new FleetResult(served, degraded, failed, Duration.ofMillis(recovery), restarts);
    }
}
