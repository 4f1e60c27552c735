package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.Rig.Switchable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** R4 as far as it speaks of pending, R6 and R7: checks that run on a schedule. */
class ScheduleTest {
    private final Rig rig = new Rig();
    private final Switchable check = new Switchable();

    @Test
    void the_first_run_is_at_registration() {
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)));

        rig.advance(Duration.ZERO);

        assertThat(check.runs).hasValue(1);
    }

    @Test
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

    @Test
    void questions_read_the_last_verdict_and_start_nothing() {
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)));
        rig.advance(Duration.ZERO);

        for (int second = 0; second < 59; second++) {
            rig.advance(ofSeconds(1));
            assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        }

        assertThat(check.runs).hasValue(1);
    }

    @Test
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

    @Test
    void a_shorter_interval_is_kept_while_it_fails() {
        check.answer = CheckResult.down("no");
        rig.registry.register("disk", check, o -> o.every(ofSeconds(2)));
        rig.advance(Duration.ZERO);

        rig.advance(ofSeconds(2));

        assertThat(check.runs).hasValue(2);
    }

    @Test
    void a_question_does_not_bring_the_first_run_forward() {
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)));

        rig.begin();

        assertThat(rig.workers.waitingRuns()).isZero();
    }

    @Test
    void the_very_first_verdict_is_waited_for() {
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)).timeout(ofSeconds(5)));
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        rig.advanceWhileHanging(ofMillis(500));
        assertThat(answer).isNotDone();

        rig.workers.runAll();

        assertThat(answer.join().status()).isEqualTo(Status.UP);
        assertThat(check.runs).hasValue(1);
    }

    @Test
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

    @Test
    void what_is_unknown_is_up_in_liveness_for_absence_of_evidence_must_not_kill() {
        rig.registry.register(
                "gc", check, o -> o.every(ofMinutes(1)).timeout(ofSeconds(5)).probes(Probe.LIVENESS));
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.LIVENESS);

        rig.advanceWhileHanging(ofMillis(900));

        assertThat(answer.join().status()).isEqualTo(Status.UP);
        assertThat(answer.join().checks().get(0).reason()).isEqualTo("pending");
    }

    @Test
    void a_pending_answer_does_not_keep_the_first_verdict_from_being_seen() {
        rig.registry.register("disk", check, o -> o.every(ofMinutes(1)).timeout(ofSeconds(5)));
        rig.begin();
        rig.advanceWhileHanging(ofSeconds(2));
        rig.workers.runAll();

        assertThat(rig.registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
    }

    @Test
    void a_verdict_older_than_three_intervals_and_the_timeout_is_down_with_reason_stale() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)).timeout(ofSeconds(2)));
        rig.advance(Duration.ZERO);
        rig.time.stopTimer();

        rig.advance(ofMillis(31_999));
        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        rig.advance(ofMillis(1));

        CheckReport stale = rig.readiness().checks().get(0);
        assertThat(stale.status()).isEqualTo(Status.DOWN);
        assertThat(stale.reason()).isEqualTo("stale");
        assertThat(stale.since()).isEqualTo(FakeTime.START.plusSeconds(32));
    }

    @Test
    void stale_is_not_damped_by_a_threshold() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)).failureThreshold(100));
        rig.advance(Duration.ZERO);
        rig.time.stopTimer();

        rig.advance(ofMinutes(1));

        assertThat(rig.readiness().status()).isEqualTo(Status.DOWN);
    }

    @Test
    void a_scheduled_check_is_never_stale_while_its_schedule_works() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)));

        for (int i = 0; i < 1000; i++) {
            rig.advance(ofMillis(500));
            assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        }
    }

    @Test
    void the_first_runs_of_many_checks_are_spread() {
        List<Switchable> checks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Switchable one = new Switchable();
            checks.add(one);
            rig.registry.register("check-" + i, one, o -> o.every(ofMinutes(1)));
        }

        rig.advance(ofMillis(10));
        long begun = checks.stream().filter(one -> one.runs.get() > 0).count();
        assertThat(begun).isBetween(2L, 25L);
        rig.advance(ofMillis(100));
        assertThat(checks).allSatisfy(one -> assertThat(one.runs).hasValue(1));
    }

    @Test
    void a_hung_scheduled_check_turns_down_though_nobody_asks_and_goes_on_when_it_comes_back() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)));
        rig.advance(Duration.ZERO);
        rig.advanceWhileHanging(ofMillis(10_800));
        assertThat(rig.changes).extracting(StatusChange::reason).containsExactly(null, "timeout");

        rig.workers.runAll();
        rig.advance(ofSeconds(5));

        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        assertThat(check.runs).hasValue(2);
    }

    @Test
    void a_lost_run_that_comes_back_when_the_check_works_again_does_not_put_off_the_next_run() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(60)));
        rig.advanceWhileHanging(ofSeconds(61));
        rig.workers.runNewest();
        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        rig.advanceWhileHanging(ofSeconds(59));

        rig.workers.runAll();
        rig.advance(ofSeconds(1));

        assertThat(check.runs).hasValue(2);
    }

    @Test
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

    @Test
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
