package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.VirtualRegistry.Switchable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** R4 as far as it speaks of pending, R6 and R7: checks that run on a schedule. */
class ScheduleTest {
    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable check = new Switchable();

    @Test // R6a
    void the_first_run_is_at_registration() {
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)));

        rig.advance(Duration.ZERO);

        assertThat(check.runs).hasValue(1);
    }

    @Test // R6c
    void the_next_runs_follow_one_interval_after_the_end_of_the_last() {
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)));
        rig.time.advance(Duration.ZERO);
        rig.time.advance(ofMillis(500));
        rig.workers.runAll();

        rig.advance(ofMillis(59_999));
        assertThat(check.runs).hasValue(1);
        rig.advance(ofMillis(1));
        assertThat(check.runs).hasValue(2);
    }

    @Test // R6e
    void questions_read_the_last_verdict_and_start_nothing() {
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)));
        rig.advance(Duration.ZERO);

        for (int second = 0; second < 59; second++) {
            rig.advance(ofSeconds(1));
            assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        }

        assertThat(check.runs).hasValue(1);
    }

    @Test // R6d
    void while_it_fails_it_runs_every_five_seconds() {
        check.answer = CheckResult.down("no");
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)));
        rig.advance(Duration.ZERO);

        rig.advance(ofMillis(4_999));
        assertThat(check.runs).hasValue(1);
        check.answer = CheckResult.up();
        rig.advance(ofMillis(1));
        assertThat(check.runs).hasValue(2);
        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        rig.advance(ofSeconds(59));
        assertThat(check.runs).hasValue(2);
    }

    @Test // R6d
    void while_it_fails_it_runs_every_five_seconds_however_long_a_run_may_take() {
        check.answer = CheckResult.down("no");
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)).timeout(ofSeconds(30)));
        rig.advance(Duration.ZERO);

        rig.advance(ofSeconds(5));

        assertThat(check.runs).hasValue(2);
    }

    @Test // R6g
    void a_check_that_was_unregistered_is_not_woken_any_more() {
        Registration registration = rig.registry.register("disk", check, o -> o.every(ofMinutes(1)));
        rig.advance(Duration.ZERO);

        registration.close();

        assertThat(rig.time.wakeups()).isZero();
    }

    @Test // R6d
    void a_shorter_interval_is_kept_while_it_fails() {
        check.answer = CheckResult.down("no");
        rig.registry.register("disk", check, o -> o.every(ofSeconds(2)));
        rig.advance(Duration.ZERO);

        rig.advance(ofSeconds(2));

        assertThat(check.runs).hasValue(2);
    }

    @Test // R6f
    void a_question_that_finds_no_verdict_starts_the_first_run() {
        for (int i = 0; i < 100; i++) {
            rig.registry.register("other-" + i, CheckResult::up, o -> o.every(ofMinutes(1)));
        }
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)));

        assertThat(rig.check("disk").status()).isEqualTo(Status.UP);

        rig.advance(ofSeconds(59));
        assertThat(check.runs).hasValue(1);
        rig.advance(ofSeconds(1));
        assertThat(check.runs).hasValue(2);
    }

    @Test // R6f
    void the_very_first_verdict_is_waited_for() {
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)).timeout(ofSeconds(5)));
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        rig.advanceWhileHanging(ofMillis(500));
        assertThat(answer).isNotDone();

        rig.workers.runAll();

        assertThat(answer.join().status()).isEqualTo(Status.UP);
        assertThat(check.runs).hasValue(1);
    }

    @Test // R4c
    void what_is_unknown_when_the_answer_budget_is_spent_is_down_with_reason_pending() {
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)).timeout(ofSeconds(5)));
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);

        rig.advanceWhileHanging(ofMillis(899));
        assertThat(answer).isNotDone();
        rig.advanceWhileHanging(ofMillis(1));

        CheckReport report = answer.join().checks().get(0);
        assertThat(report.status()).isEqualTo(Status.DOWN);
        assertThat(report.reason()).isEqualTo("pending");
        assertThat(report.checkedAt()).isNull();
        assertThat(report.since()).isNull();
        assertThat(answer.join().duration()).isEqualTo(ofMillis(900));
    }

    @Test // R4d
    void what_is_unknown_is_up_in_liveness_for_absence_of_evidence_must_not_kill() {
        rig.registry.register(
                "gc", check, o -> o.every(ofMinutes(1)).timeout(ofSeconds(5)).probes(Probe.LIVENESS));
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.LIVENESS);

        rig.advanceWhileHanging(ofMillis(900));

        assertThat(answer.join().status()).isEqualTo(Status.UP);
        assertThat(answer.join().checks().get(0).reason()).isEqualTo("pending");
    }

    @Test // R4c
    void a_pending_answer_does_not_keep_the_first_verdict_from_being_seen() {
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)).timeout(ofSeconds(5)));
        rig.begin();
        rig.advanceWhileHanging(ofSeconds(2));
        rig.workers.runAll();

        assertThat(rig.registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
    }

    @Test // R7a
    void a_question_that_finds_a_verdict_older_than_three_intervals_and_the_timeout_starts_a_run_and_waits_for_it() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)).timeout(ofSeconds(2)));
        rig.advance(Duration.ZERO);
        rig.time.stopTimer();

        rig.advance(ofMillis(31_999));
        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        assertThat(check.runs).hasValue(1);
        rig.advance(ofMillis(1));

        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        assertThat(check.runs).hasValue(2);
        assertThat(rig.changes).hasSize(1);
    }

    @Test // R7b, C14
    void if_that_run_does_not_end_within_the_budget_the_answer_is_down_with_reason_stale() {
        pauseWhileHanging(o -> o);

        CheckReport stale = stale();

        assertThat(stale.status()).isEqualTo(Status.DOWN);
        assertThat(stale.reason()).isEqualTo("stale");
        assertThat(stale.since()).isEqualTo(FakeTime.START.plusSeconds(32));
        assertThat(stale.isKnown()).isFalse();
        assertThat(rig.workers.waitingRuns()).isEqualTo(1);
    }

    @Test // R7b
    void stale_is_not_damped_by_a_threshold() {
        pauseWhileHanging(o -> o.failureThreshold(100));

        assertThat(stale().status()).isEqualTo(Status.DOWN);
    }

    @Test // R7d
    void stale_is_told_once_an_episode_and_under_a_ref_of_its_own() {
        pauseWhileHanging(o -> o.timeout(ofSeconds(10)));

        CheckReport first = stale();
        CheckReport second = stale();

        assertThat(rig.changes).extracting(StatusChange::reason).containsExactly(null, "stale");
        StatusChange change = rig.changes.get(1);
        assertThat(change.from()).isEqualTo(Status.UP);
        assertThat(change.to()).isEqualTo(Status.DOWN);
        assertThat(change.ref()).isNotNull().isEqualTo(first.ref()).isEqualTo(second.ref());
        assertThat(change.at()).isEqualTo(rig.time.instant().minusMillis(900));
    }

    @Test // R7e
    void when_a_run_has_ended_a_stale_check_is_what_it_found_and_that_is_told() {
        pauseWhileHanging(o -> o.timeout(ofSeconds(10)));
        String ref = stale().ref();
        rig.workers.runAll();

        CheckReport report = rig.check("disk");

        assertThat(report.status()).isEqualTo(Status.UP);
        assertThat(report.isKnown()).isTrue();
        assertThat(report.since()).isEqualTo(rig.time.instant());
        StatusChange last = rig.changes.get(rig.changes.size() - 1);
        assertThat(last.from()).isEqualTo(Status.DOWN);
        assertThat(last.to()).isEqualTo(Status.UP);
        assertThat(last.ref()).isNull();
        assertThat(ref).isNotNull();
    }

    @Test // R7e
    void a_stale_check_that_turns_out_to_be_down_gets_another_ref_and_keeps_the_time_since_when() {
        pauseWhileHanging(o -> o.timeout(ofSeconds(10)));
        CheckReport stale = stale();
        check.answer = CheckResult.down("no").withReason("no");
        rig.workers.runAll();

        CheckReport report = rig.check("disk");

        assertThat(report.reason()).isEqualTo("no");
        assertThat(report.ref()).isNotNull().isNotEqualTo(stale.ref());
        assertThat(report.since()).isEqualTo(stale.since());
    }

    @Test // R7c
    void in_liveness_the_last_verdict_stands_while_that_run_is_not_overdue_for_a_pause_must_not_kill() {
        rig.registry.register(
                "disk", check, o -> o.every(ofSeconds(10)).timeout(ofSeconds(2)).probes(Probe.LIVENESS));
        rig.advance(Duration.ZERO);
        rig.time.pause(ofMinutes(1));
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.LIVENESS);
        rig.advanceWhileHanging(ofMillis(900));

        assertThat(answer.join().status()).isEqualTo(Status.UP);
        assertThat(answer.join().checks().get(0).reason()).isNull();
        assertThat(rig.changes).hasSize(1);

        rig.advanceWhileHanging(ofMillis(1100));
        assertThat(rig.registry.check(Probe.LIVENESS).status()).isEqualTo(Status.DOWN);
    }

    @Test // R7f
    void after_close_nothing_becomes_stale() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)));
        rig.advance(Duration.ZERO);
        rig.registry.close();

        rig.advance(ofMinutes(10));

        assertThat(rig.registry.check("disk").orElseThrow().status()).isEqualTo(Status.UP);
    }

    /** A check is well, the process is paused until its verdict is too old, and its next run hangs. */
    private void pauseWhileHanging(UnaryOperator<CheckOptions> options) {
        rig.registry.register(
                "disk", check, o -> options.apply(o.every(ofSeconds(10)).timeout(ofSeconds(2))));
        rig.advance(Duration.ZERO);
        rig.time.pause(ofMinutes(1));
    }

    /** The answer of a check whose run in progress does not get on. */
    private CheckReport stale() {
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        rig.advanceWhileHanging(ofMillis(900));
        return answer.join().checks().get(0);
    }

    @Test // R7g
    void a_scheduled_check_is_never_stale_while_its_schedule_works() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)));

        for (int i = 0; i < 1000; i++) {
            rig.advance(ofMillis(500));
            assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        }
    }

    @Test // R6b
    void the_first_runs_of_many_checks_are_spread_one_each_millisecond() {
        List<Switchable> checks = register(50);

        rig.advance(ofMillis(10));
        assertThat(begun(checks)).isEqualTo(11);
        rig.advance(ofMillis(100));
        assertThat(checks).allSatisfy(one -> assertThat(one.runs).hasValue(1));
    }

    @Test // R6b
    void they_are_spread_over_half_of_the_answer_budget_at_most() {
        List<Switchable> checks = register(5000);

        rig.advance(ofMillis(449));
        assertThat(begun(checks)).isEqualTo(450);
        rig.advance(ofMillis(1));
        assertThat(begun(checks)).isEqualTo(5000);
    }

    @Test // R6b
    void checks_that_are_gone_or_have_run_keep_no_place_in_that_row() {
        for (int i = 0; i < 1000; i++) {
            rig.registry
                    .register("gone-" + i, check, o -> o.every(ofMinutes(1)))
                    .close();
        }
        List<Switchable> first = register(3);
        rig.advance(ofMillis(2));
        assertThat(begun(first)).isEqualTo(3);
        Switchable next = new Switchable();
        rig.registry.register("next", next, o -> o.every(ofMinutes(1)));

        rig.advance(Duration.ZERO);

        assertThat(next.runs).hasValue(1);
    }

    private List<Switchable> register(int many) {
        List<Switchable> checks = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            Switchable one = new Switchable();
            checks.add(one);
            rig.registry.register("check-" + i, one, o -> o.every(ofMinutes(1)));
        }
        return checks;
    }

    private static long begun(List<Switchable> checks) {
        return checks.stream().filter(one -> one.runs.get() > 0).count();
    }

    @Test // O2
    void an_overdue_run_goes_before_a_verdict_that_would_still_be_fresh_although_the_timer_has_not_seen_it() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)));
        rig.advance(Duration.ZERO);
        rig.advanceWhileHanging(ofSeconds(10));
        rig.time.stopTimer();

        rig.time.advance(ofMillis(799));
        assertThat(rig.checkWhileHanging("disk").status()).isEqualTo(Status.UP);
        rig.time.advance(ofMillis(1));
        assertThat(rig.checkWhileHanging("disk").reason()).isEqualTo("stuck");
    }

    @Test // R2a, R3f
    void a_hung_scheduled_check_turns_down_though_nobody_asks_and_goes_on_when_it_comes_back() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)));
        rig.advance(Duration.ZERO);
        rig.advanceWhileHanging(ofMillis(10_800));
        assertThat(rig.changes).extracting(StatusChange::reason).containsExactly(null, "timeout");

        rig.workers.runAll();
        rig.advance(ofSeconds(5));

        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        assertThat(check.runs).hasValue(3);
    }

    @Test // R3f
    void a_lost_run_that_comes_back_when_the_check_works_again_does_not_put_off_the_next_run() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(60)));
        rig.advanceWhileHanging(ofSeconds(61));
        rig.workers.runNewest();
        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        rig.advanceWhileHanging(ofSeconds(59));

        rig.workers.runAll();
        assertThat(check.runs).hasValue(2);
        rig.advance(ofSeconds(1));

        assertThat(check.runs).hasValue(3);
    }

    @Test // R6g
    void while_the_next_run_must_not_start_yet_the_timer_is_left_alone() {
        CompletableFuture<CheckResult> hanging = new CompletableFuture<>();
        rig.registry.registerAsync(
                "search", () -> hanging, o -> o.every(ofSeconds(10)).timeout(ofSeconds(8)));
        rig.advance(Duration.ZERO);
        AtomicInteger calls = new AtomicInteger();

        rig.time.advance(ofSeconds(15), () -> {
            assertThat(calls.incrementAndGet()).isLessThan(10);
            rig.workers.runAll();
        });

        assertThat(hanging).isCancelled();
        assertThat(rig.changes).extracting(StatusChange::reason).containsExactly("timeout");
    }

    @Test // R12b
    void a_lost_run_that_comes_back_after_startup_has_passed_begins_no_schedule() {
        rig.registry.register("migrations", check, o -> o.every(ofSeconds(60)).probes(Probe.STARTUP));
        rig.advanceWhileHanging(ofSeconds(61));
        rig.workers.runNewest();
        rig.workers.runAll();
        AtomicInteger calls = new AtomicInteger();

        rig.time.advance(
                ofMinutes(10), () -> assertThat(calls.incrementAndGet()).isLessThan(10));

        assertThat(rig.workers.waitingRuns()).isZero();
        assertThat(rig.time.wakeups()).isZero();
    }
}
