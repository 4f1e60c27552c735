package dev.healthcheck;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.CapturedLog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** L22: a check that is DOWN for maintenance is no alarm, and everything else that it is stays one. */
class MaintenanceLogTest {
    private static final CheckResult MAINTENANCE =
            CheckResult.down("OPS-1: vacuum").withReason("maintenance");

    private final CapturedLog log = new CapturedLog();
    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable check = new Switchable();

    @BeforeEach
    void register() {
        rig.registry.register("orders", check, o -> o.cacheFor(Duration.ZERO));
    }

    @AfterEach
    void detach() {
        log.close();
    }

    @Test // L22
    void begin_reminders_and_end_are_INFO() {
        show(CheckResult.up());
        for (int i = 0; i < 62; i++) {
            show(MAINTENANCE);
            rig.advance(ofMinutes(1));
        }
        show(CheckResult.up());

        assertThat(said())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches(
                                        "INFO orders is DOWN \\(maintenance\\), was UP: OPS-1: vacuum \\[ref \\w{6}\\]"),
                        line -> assertThat(line).startsWith("INFO orders is still DOWN (maintenance), for 1 min"),
                        line -> assertThat(line).startsWith("INFO orders is still DOWN (maintenance), for 10 min"),
                        line -> assertThat(line).startsWith("INFO orders is still DOWN (maintenance), for 1 h"),
                        line -> assertThat(line).startsWith("INFO orders is UP, was DOWN (maintenance) for 1 h 2 min"));
    }

    @Test // L22
    void a_failure_during_or_after_it_is_a_warning() {
        show(CheckResult.up());
        show(MAINTENANCE);
        show(CheckResult.down("gone").withReason("unreachable"));
        show(MAINTENANCE);

        assertThat(said())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("INFO orders is DOWN (maintenance), was UP"),
                        line -> assertThat(line)
                                .startsWith("WARN orders is DOWN (unreachable), was DOWN (maintenance)"),
                        line -> assertThat(line)
                                .startsWith("INFO orders is DOWN (maintenance), was DOWN (unreachable)"));
    }

    @Test // L22
    void a_check_that_begins_with_it_has_its_first_warning_still_before_it() {
        for (int i = 0; i < 20; i++) {
            show(MAINTENANCE);
            rig.advance(ofSeconds(1));
        }
        show(CheckResult.down("gone").withReason("unreachable"));

        assertThat(said())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("INFO orders is DOWN (maintenance)"),
                        line -> assertThat(line).startsWith("WARN orders is DOWN (unreachable)"));
    }

    @Test // L22
    void a_check_that_flaps_and_settles_in_it_says_so_at_INFO() {
        show(CheckResult.up());
        for (int i = 0; i < 3; i++) {
            show(MAINTENANCE);
            show(CheckResult.up());
        }
        show(MAINTENANCE);
        rig.advance(ofSeconds(11));

        assertThat(said()).anyMatch(line -> line.startsWith("INFO orders flaps: 5 changes"));
        assertThat(said()).last().asString().startsWith("INFO orders has been DOWN (maintenance) for 10.0 s");
        assertThat(log.lines(Level.WARN)).isEmpty();
    }

    private void show(CheckResult answer) {
        check.answer = answer;
        rig.check("orders");
    }

    private List<String> said() {
        return log.lines.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .map(line -> line.getLevel() + " " + line.getFormattedMessage())
                .toList();
    }
}
