package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.CapturedLog;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** L20: a check that has never been well is no alarm in its first ten seconds, and one alarm after that. */
class FirstFailuresTest {
    private final CapturedLog log = new CapturedLog();
    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable check = new Switchable();

    @BeforeEach
    void register() {
        rig.registry.register("cache", check);
        check.answer = CheckResult.down(new IllegalStateException("cold")).withReason("disconnected");
    }

    @AfterEach
    void detach() {
        log.close();
    }

    @Test // L20
    void a_check_that_fails_at_once_and_then_works_gives_no_warning() {
        rig.check("cache");
        rig.advance(ofMillis(1200));
        check.answer = CheckResult.up();
        rig.check("cache");

        assertThat(said())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches("INFO cache is DOWN \\(disconnected\\): java.lang.IllegalStateException: cold"
                                        + " \\[ref [0-9a-z]{6}\\]"),
                        line -> assertThat(line)
                                .isEqualTo("INFO cache is UP, was DOWN (disconnected) for 1.2 s, 1 failure"));
    }

    @Test // L20
    void its_first_failed_run_later_than_ten_seconds_after_its_first_one_warns_once_with_the_cause() {
        for (int i = 0; i < 50; i++) {
            rig.check("cache");
            rig.advance(ofSeconds(1));
        }

        assertThat(said())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("INFO cache is DOWN (disconnected)"),
                        line -> assertThat(line)
                                .startsWith("WARN cache is still DOWN (disconnected), for 11.0 s, 12 failures:"));
        assertThat(log.lines(Level.WARN).get(0).getThrowableProxy()).isNotNull();
    }

    @Test // L20
    void the_ten_seconds_begin_with_its_first_run_however_long_nobody_has_asked() {
        rig.advance(ofMinutes(5));
        rig.check("cache");
        rig.advance(ofSeconds(10));
        rig.check("cache");
        assertThat(log.lines(Level.WARN)).isEmpty();

        rig.advance(ofSeconds(1));
        rig.check("cache");
        assertThat(log.lines(Level.WARN)).hasSize(1);
    }

    @Test // L20
    void another_reason_after_ten_seconds_is_the_warning_and_further_ones_are_none() {
        rig.check("cache");
        for (String reason : List.of("auth", "loading")) {
            rig.advance(ofSeconds(11));
            check.answer = CheckResult.down("no").withReason(reason);
            rig.check("cache");
        }

        assertThat(said())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("INFO cache is DOWN (disconnected)"),
                        line -> assertThat(line).startsWith("WARN cache is DOWN (auth), was DOWN (disconnected)"),
                        line -> assertThat(line).startsWith("INFO cache is DOWN (loading), was DOWN (auth)"));
    }

    @Test // L20
    void reminders_of_it_are_warnings() {
        for (int i = 0; i < 70; i++) {
            rig.check("cache");
            rig.advance(ofMinutes(1));
        }

        assertThat(said()).extracting(line -> line.substring(0, 4)).containsExactly("INFO", "WARN", "WARN", "WARN");
    }

    @Test // L20
    void reasons_that_alternate_at_the_start_flap_without_a_warning_until_ten_seconds_are_over() {
        for (int i = 0; i < 30; i++) {
            rig.check("cache");
            rig.advance(ofSeconds(1));
            check.answer = CheckResult.down("no").withReason(i % 2 == 0 ? "timeout" : "disconnected");
        }

        assertThat(log.lines(Level.WARN))
                .extracting(line -> line.getFormattedMessage())
                .singleElement()
                .asString()
                .startsWith("cache is still DOWN (timeout), for 11.0 s, 12 failures");
        assertThat(said()).anyMatch(line -> line.startsWith("INFO cache flaps: 5 changes within 4.0 s"));
    }

    @Test // L3, L20
    void a_check_that_has_been_well_once_warns_at_once() {
        check.answer = CheckResult.up();
        rig.check("cache");
        rig.advance(ofSeconds(1));
        check.answer = CheckResult.down("gone");
        rig.check("cache");

        assertThat(log.lines(Level.WARN)).hasSize(1);
    }

    private List<String> said() {
        return log.lines.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .map(line -> line.getLevel() + " " + line.getFormattedMessage())
                .toList();
    }
}
