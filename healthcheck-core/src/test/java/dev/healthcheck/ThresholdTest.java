package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R8: a verdict as a function of runs, without threads. */
class ThresholdTest {
    private static final CheckResult UP = CheckResult.up();
    private static final CheckResult DOWN = CheckResult.down("no").withReason("no");
    private static final CheckResult DEGRADED = CheckResult.degraded("so so").withReason("so-so");

    private final CheckOptions three =
            CheckOptions.initial(ofMillis(900)).failureThreshold(3).successThreshold(2);
    private long nanos;

    @Test // R8a
    void by_default_one_run_decides() {
        CheckOptions defaults = CheckOptions.initial(ofMillis(900));

        assertThat(statuses(defaults, UP, DOWN, UP, DEGRADED, DOWN))
                .containsExactly(Status.UP, Status.DOWN, Status.UP, Status.DEGRADED, Status.DOWN);
    }

    @Test // R8c
    void the_first_verdict_is_taken_as_it_comes() {
        assertThat(statuses(three, DOWN)).containsExactly(Status.DOWN);
        assertThat(statuses(three, UP)).containsExactly(Status.UP);
    }

    @Test // R8a
    void as_many_failures_in_a_row_as_the_threshold_turn_it_down() {
        assertThat(statuses(three, UP, DOWN, DOWN, DOWN)).containsExactly(Status.UP, Status.UP, Status.UP, Status.DOWN);
    }

    @Test // R8a
    void a_success_in_between_begins_the_count_anew() {
        assertThat(statuses(three, UP, DOWN, DOWN, UP, DOWN, DOWN))
                .containsExactly(Status.UP, Status.UP, Status.UP, Status.UP, Status.UP, Status.UP);
    }

    @Test // R8b
    void degraded_is_not_a_failure_and_begins_the_count_anew() {
        assertThat(statuses(three, UP, DOWN, DOWN, DEGRADED, DOWN, DOWN))
                .containsExactly(Status.UP, Status.UP, Status.UP, Status.DEGRADED, Status.DEGRADED, Status.DEGRADED);
    }

    @Test // R8b
    void up_and_degraded_show_at_once() {
        assertThat(statuses(three, UP, DEGRADED, UP)).containsExactly(Status.UP, Status.DEGRADED, Status.UP);
    }

    @Test // R8h
    void while_successes_are_counted_it_is_down_with_reason_recovering() {
        List<Verdict> verdicts = verdicts(three, DOWN, UP, UP);

        assertThat(verdicts.get(1).status()).isEqualTo(Status.DOWN);
        assertThat(verdicts.get(1).reason()).isEqualTo("recovering");
        assertThat(verdicts.get(1).result().message()).isEqualTo("1 of 2 good runs");
        assertThat(verdicts.get(1).failures()).isZero();
        assertThat(verdicts.get(2).status()).isEqualTo(Status.UP);
        assertThat(verdicts.get(2).reason()).isNull();
    }

    @Test // R8a
    void a_failure_while_recovering_begins_the_successes_anew() {
        assertThat(statuses(three, DOWN, UP, DOWN, UP, UP))
                .containsExactly(Status.DOWN, Status.DOWN, Status.DOWN, Status.DOWN, Status.UP);
    }

    @Test // R8b
    void degraded_counts_as_a_success_on_the_way_back() {
        assertThat(statuses(three, DOWN, DEGRADED, DEGRADED))
                .containsExactly(Status.DOWN, Status.DOWN, Status.DEGRADED);
    }

    @Test // R8b
    void until_the_threshold_the_last_run_shows_but_for_the_status() {
        Verdict damped = verdicts(three, UP, DOWN).get(1);

        assertThat(damped.status()).isEqualTo(Status.UP);
        assertThat(damped.reason()).isEqualTo("no");
        assertThat(damped.failures()).isEqualTo(1);
        assertThat(damped.since()).isEqualTo(FakeTime.START.plusSeconds(1));
        assertThat(damped.checkedAt()).isEqualTo(FakeTime.START.plusSeconds(2));
        assertThat(damped.lastSuccess()).isEqualTo(FakeTime.START.plusSeconds(1));
        assertThat(damped.ref()).isNotNull();
    }

    @Test // R8d
    void an_overdue_run_counts_as_many_failures_as_it_lasted_timeouts() {
        Verdict up = Verdict.after(null, outcome(UP, 1), three);
        Verdict once = Verdict.after(up, outcome(DOWN, 1), three);

        assertThat(once.status()).isEqualTo(Status.UP);
        assertThat(Verdict.after(once, outcome(DOWN, 2), three).status()).isEqualTo(Status.DOWN);
    }

    @Test // C14
    void since_is_when_the_shown_status_began() {
        List<Verdict> verdicts = verdicts(three, UP, DOWN, DOWN, DOWN, DOWN);

        assertThat(verdicts).extracting(Verdict::since).containsExactly(at(1), at(1), at(1), at(4), at(4));
    }

    @Test // L4
    void the_failed_runs_of_a_status_are_those_that_led_to_it_and_all_since() {
        List<Verdict> verdicts = verdicts(three, UP, DOWN, UP, DOWN, DOWN, DOWN, UP, DOWN);

        assertThat(verdicts).extracting(Verdict::failuresSince).endsWith(3, 3, 4);
    }

    @Test // L7
    void each_pair_of_status_and_reason_has_a_ref_of_its_own_and_being_well_has_none() {
        CheckResult other = CheckResult.down("other").withReason("other");
        List<Verdict> verdicts =
                verdicts(CheckOptions.initial(ofMillis(900)), UP, DOWN, DOWN, other, UP, DEGRADED, DOWN);

        assertThat(verdicts.get(0).ref()).isNull();
        assertThat(verdicts.get(1).ref())
                .matches("[0-9a-z]{6}")
                .isEqualTo(verdicts.get(2).ref());
        assertThat(verdicts.get(3).ref())
                .isNotNull()
                .isNotEqualTo(verdicts.get(2).ref());
        assertThat(verdicts.get(4).ref()).isNull();
        assertThat(verdicts.get(5).ref()).isNotNull();
        assertThat(verdicts.get(6).ref())
                .isNotNull()
                .isNotEqualTo(verdicts.get(1).ref());
    }

    private static java.time.Instant at(int second) {
        return FakeTime.START.plusSeconds(second);
    }

    private List<Status> statuses(CheckOptions options, CheckResult... results) {
        return verdicts(options, results).stream().map(Verdict::status).toList();
    }

    private List<Verdict> verdicts(CheckOptions options, CheckResult... results) {
        nanos = 0;
        List<Verdict> verdicts = new ArrayList<>();
        Verdict last = null;
        for (CheckResult result : results) {
            last = Verdict.after(last, outcome(result, 1), options);
            verdicts.add(last);
        }
        return verdicts;
    }

    /** One second after the one before. */
    private RunOutcome outcome(CheckResult result, int runs) {
        nanos += ofSeconds(1).toNanos();
        return new RunOutcome(result, 1000, nanos, FakeTime.START.plus(Duration.ofNanos(nanos)), runs);
    }
}
