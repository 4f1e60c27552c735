package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.FleetSettings.Probing;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FleetBalancerTest {
    private final FleetBalancer balancer = new FleetBalancer(new Probing(Duration.ofSeconds(1), 3, 2));
    private final FleetMember a = member();
    private final FleetMember b = member();

    @Test
    void requests_take_turns() {
        assertThat(balancer.choose()).isSameAs(a);
        assertThat(balancer.choose()).isSameAs(b);
        assertThat(balancer.choose()).isSameAs(a);
    }

    @Test
    void a_member_is_down_after_failures_in_a_row() {
        probe(a, false, false, true, false, false);
        assertThat(a.isUp).isTrue();

        probe(a, false);
        assertThat(a.isUp).isFalse();
        assertThat(balancer.choose()).isSameAs(b);
        assertThat(balancer.choose()).isSameAs(b);
    }

    @Test
    void a_member_is_up_after_successes_in_a_row() {
        probe(a, false, false, false, true, false, true);
        assertThat(a.isUp).isFalse();

        probe(a, true);
        assertThat(a.isUp).isTrue();
    }

    @Test
    void nobody_gets_a_request_while_all_are_down() {
        probe(a, false, false, false);
        probe(b, false, false, false);

        assertThat(balancer.choose()).isNull();
    }

    private FleetMember member() {
        return balancer.add(new FleetInstance(FleetPolicy.REQUIRED, () -> true, 0));
    }

    private void probe(FleetMember member, boolean... results) {
        for (boolean succeeded : results) {
            balancer.probed(member, succeeded);
        }
    }
}
