package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.Faults;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** R2, R3 and what R8 says of hangs, with time and threads that move only when told. */
class OverdueRunTest {
    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable check = new Switchable();

    @Test // R2a
    void a_run_that_has_not_ended_at_its_deadline_is_down_with_reason_timeout() {
        rig.registry.register("db", check, o -> o.timeout(ofMillis(300)));
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);

        rig.advanceWhileHanging(ofMillis(299));
        assertThat(answer).isNotDone();
        rig.advanceWhileHanging(ofMillis(1));

        assertThat(answer).isCompleted();
        CheckReport report = answer.join().checks().get(0);
        assertThat(report.status()).isEqualTo(Status.DOWN);
        assertThat(report.reason()).isEqualTo("timeout");
        assertThat(report.duration()).isEqualTo(ofMillis(300));
        assertThat(answer.join().duration()).isEqualTo(ofMillis(300));
    }

    @Test // C11
    void a_check_is_told_how_much_of_its_time_is_left() {
        AtomicReference<Deadline> told = new AtomicReference<>();
        rig.registry.register("db", new HealthCheck() {
            @Override
            public CheckResult check() {
                return CheckResult.up();
            }

            @Override
            public CheckResult check(Deadline deadline) {
                told.set(deadline);
                return CheckResult.up();
            }
        });
        rig.begin();
        rig.time.advance(ofMillis(300));
        rig.workers.runAll();

        assertThat(told.get()).hasToString("in 500 ms");
        rig.advance(ofMillis(500));
        assertThat(told.get().remaining()).isZero();
        rig.advance(ofSeconds(1));
        assertThat(told.get().remaining()).isZero();
    }

    @Test // R2c
    void the_default_timeout_is_800_ms_or_the_answer_budget_if_that_is_shorter() {
        rig.registry.register("db", check);
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        rig.advanceWhileHanging(ofMillis(799));
        assertThat(answer).isNotDone();
        rig.advanceWhileHanging(ofMillis(1));
        assertThat(answer).isCompleted();

        VirtualRegistry hasty = new VirtualRegistry(builder -> builder.answerWithin(ofMillis(200)));
        hasty.registry.register("db", check);
        CompletableFuture<HealthReport> early = hasty.registry.checkAsync(Probe.READINESS);
        hasty.advanceWhileHanging(ofMillis(200));
        assertThat(early.join().checks().get(0).reason()).isEqualTo("timeout");
    }

    @Test // R3b, O3
    void while_a_run_is_overdue_every_question_is_answered_at_once_with_reason_stuck() {
        rig.registry.register("db", check);
        rig.begin();
        rig.advanceWhileHanging(ofMillis(800));

        CheckReport atOnce = rig.checkWhileHanging("db");
        assertThat(atOnce.reason()).isEqualTo("stuck");
        assertThat(atOnce.status()).isEqualTo(Status.DOWN);
        assertThat(atOnce.runningFor()).isEqualTo(ofMillis(800));

        rig.advanceWhileHanging(ofSeconds(5));
        assertThat(rig.checkWhileHanging("db").runningFor()).isEqualTo(ofMillis(5800));
        assertThat(rig.workers.waitingRuns()).isEqualTo(1);
    }

    @Test // O2
    void stuck_goes_before_a_verdict_that_would_still_be_fresh() {
        rig.registry.register("db", check, o -> o.timeout(ofMillis(100)).cacheFor(ofSeconds(60)));
        rig.begin();
        rig.advanceWhileHanging(ofMillis(100));

        assertThat(rig.checkWhileHanging("db").reason()).isEqualTo("stuck");
    }

    @Test // R3f
    void a_run_that_comes_back_late_is_dropped_and_the_check_can_be_run_again() {
        rig.registry.register("db", check);
        rig.begin();
        rig.advanceWhileHanging(ofSeconds(3));

        rig.workers.runAll();

        assertThat(rig.changes).extracting(StatusChange::to).containsExactly(Status.DOWN);
        assertThat(rig.check("db").status()).isEqualTo(Status.UP);
    }

    @Test // R5a
    void a_timeout_is_a_verdict_like_others_and_is_reused_from_its_deadline_on() {
        rig.registry.register("db", check, o -> o.timeout(ofMillis(100)).cacheFor(ofMillis(1000)));
        rig.begin();
        rig.advanceWhileHanging(ofMillis(150));
        rig.workers.runAll();

        rig.advance(ofMillis(949));
        assertThat(rig.check("db").reason()).isEqualTo("timeout");
        assertThat(check.runs).hasValue(1);
        rig.advance(ofMillis(1));
        assertThat(rig.check("db").status()).isEqualTo(Status.UP);
    }

    @Test // O4
    void between_a_result_and_the_deadline_the_one_published_first_wins() {
        rig.registry.register("db", check, o -> o.timeout(ofMillis(100)));
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);

        rig.advance(ofMillis(99));
        rig.advance(ofMillis(1));

        assertThat(answer.join().status()).isEqualTo(Status.UP);
        assertThat(rig.check("db").reason()).isNull();
    }

    @Test // R3g
    void after_60_seconds_one_replacement_is_tried_and_it_heals_the_check() {
        rig.registry.register("db", check);
        rig.begin();
        rig.advanceWhileHanging(ofMillis(800));
        rig.advanceWhileHanging(ofMillis(59_999));
        assertThat(rig.workers.waitingRuns()).isEqualTo(1);

        rig.advanceWhileHanging(ofMillis(1));
        assertThat(rig.workers.waitingRuns()).isEqualTo(2);
        assertThat(rig.checkWhileHanging("db").reason()).isEqualTo("stuck");

        rig.workers.runNewest();
        assertThat(rig.checkWhileHanging("db").status()).isEqualTo(Status.UP);
    }

    @Test // R3g, R3h
    void replacements_come_after_60_and_then_120_seconds_and_a_check_costs_at_most_three_threads() {
        rig.registry.register("db", check);
        rig.begin();
        rig.advanceWhileHanging(ofMillis(800));

        rig.advanceWhileHanging(ofSeconds(60));
        rig.advanceWhileHanging(ofMillis(800));
        assertThat(rig.workers.waitingRuns()).isEqualTo(2);
        rig.advanceWhileHanging(ofMillis(119_999));
        assertThat(rig.workers.waitingRuns()).isEqualTo(2);
        rig.advanceWhileHanging(ofMillis(1));
        assertThat(rig.workers.waitingRuns()).isEqualTo(3);

        for (int day = 0; day < 3; day++) {
            rig.advanceWhileHanging(Duration.ofDays(1));
            assertThat(rig.checkWhileHanging("db").reason()).isEqualTo("stuck");
        }
        assertThat(rig.workers.waitingRuns()).isEqualTo(3);
    }

    @Test // R3h
    void a_thread_counts_as_lost_60_seconds_after_the_deadline_of_its_run_also_when_the_check_is_gone() {
        Registration registration = rig.registry.register("db", check);
        rig.begin();
        rig.advanceWhileHanging(ofMillis(800));

        rig.advanceWhileHanging(ofMillis(59_999));
        assertThat(rig.registry.lostThreads()).isZero();
        rig.advanceWhileHanging(ofMillis(1));
        assertThat(rig.registry.lostThreads()).isEqualTo(1);
        rig.advanceWhileHanging(Duration.ofHours(1));
        assertThat(rig.registry.lostThreads()).isEqualTo(3);

        registration.close();
        assertThat(rig.registry.lostThreads()).isEqualTo(3);
        rig.workers.runAll();
        assertThat(rig.registry.lostThreads()).isZero();
    }

    @Test // R3h
    void when_one_of_three_lost_runs_comes_back_the_check_can_be_run_again() {
        rig.registry.register("db", check);
        rig.begin();
        rig.advanceWhileHanging(Duration.ofHours(1));
        assertThat(rig.workers.waitingRuns()).isEqualTo(3);

        rig.workers.runNewest();

        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        assertThat(rig.workers.waitingRuns()).isEqualTo(3);
        rig.workers.runNewest();
        rig.workers.runAllButChecks();
        assertThat(answer.join().status()).isEqualTo(Status.UP);
    }

    @Test // R8d
    void a_hang_turns_a_good_check_down_after_as_many_timeouts_as_the_threshold_says_though_nobody_asks() {
        rig.registry.register("db", check, o -> o.timeout(ofMillis(100))
                .cacheFor(ofMillis(100))
                .failureThreshold(3));
        rig.check("db");
        rig.advance(ofMillis(100));
        rig.begin();

        rig.advanceWhileHanging(ofMillis(299));
        assertThat(rig.changes.get(rig.changes.size() - 1).to()).isEqualTo(Status.UP);
        rig.advanceWhileHanging(ofMillis(1));

        StatusChange last = rig.changes.get(rig.changes.size() - 1);
        assertThat(last.to()).isEqualTo(Status.DOWN);
        assertThat(last.reason()).isEqualTo("timeout");
    }

    @Test // R8d
    void a_hang_turns_a_good_check_down_after_as_many_timeouts_as_the_threshold_says_though_a_thousand_ask() {
        rig.registry.register("db", check, o -> o.timeout(ofMillis(100))
                .cacheFor(ofMillis(100))
                .failureThreshold(3));
        rig.check("db");
        rig.advance(ofMillis(100));
        rig.begin();

        for (int i = 0; i < 1000; i++) {
            rig.time.advance(Duration.ofNanos(299_000));
            CheckReport report = rig.checkWhileHanging("db");
            assertThat(report == null ? Status.UP : report.status()).isEqualTo(Status.UP);
        }
        rig.time.advance(ofMillis(1));

        CheckReport down = rig.checkWhileHanging("db");
        assertThat(down.status()).isEqualTo(Status.DOWN);
        assertThat(down.consecutiveFailures()).isEqualTo(3);
    }

    @Test // R8d
    void a_hang_goes_on_counting_failures_once_per_timeout() {
        rig.registry.register("db", check, o -> o.timeout(ofMillis(100)));
        rig.begin();

        rig.advanceWhileHanging(ofMillis(1050));

        CheckReport tenth = rig.checkWhileHanging("db");
        assertThat(tenth.consecutiveFailures()).isEqualTo(10);
        assertThat(tenth.duration()).isEqualTo(ofMillis(1050));

        rig.advanceWhileHanging(ofMillis(40));
        assertThat(rig.checkWhileHanging("db").checkedAt()).isEqualTo(tenth.checkedAt());
    }

    @Test // R2b, R3d
    void runs_that_never_got_a_thread_are_down_at_their_deadlines_and_are_no_lost_threads() {
        rig.registry.register("db", check, o -> o.cacheFor(Duration.ZERO));
        for (int i = 0; i < 10; i++) {
            CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
            rig.advanceWithoutThreads(ofMillis(800));
            assertThat(answer.join().checks().get(0).reason()).isEqualTo("timeout");
        }

        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        rig.workers.runNewest();
        rig.workers.runAllButChecks();

        assertThat(answer.join().status()).isEqualTo(Status.UP);
        assertThat(check.runs).hasValue(1);
    }

    @Test // R2b
    void a_run_whose_deadline_passes_before_it_gets_a_thread_never_calls_its_check() {
        rig.registry.register("db", check);
        rig.begin();
        rig.advanceWithoutThreads(ofMillis(800));

        rig.workers.runAll();

        assertThat(check.runs).hasValue(0);
        assertThat(rig.check("db").reason()).isEqualTo("timeout");
    }

    @Test // R3d
    void a_schedule_goes_on_after_a_run_that_never_got_a_thread() {
        rig.registry.register("db", check, o -> o.every(ofSeconds(10)));
        rig.advanceWithoutThreads(ofMillis(800));
        assertThat(rig.changes).extracting(StatusChange::reason).containsExactly("timeout");

        rig.advance(ofSeconds(5));

        assertThat(check.runs).hasValue(1);
        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
    }

    @Test // R3k
    void a_replacement_that_never_gets_a_thread_is_tried_again_after_the_same_time() {
        rig.registry.register("db", check);
        rig.begin();
        rig.advanceWhileHanging(ofMillis(800));
        rig.advanceWhileHanging(ofMillis(59_999));
        rig.advanceWithoutThreads(ofMillis(1));
        rig.advanceWithoutThreads(ofMillis(800));
        assertThat(rig.checkWhileHanging("db").reason()).isEqualTo("stuck");

        rig.time.advance(ofSeconds(60));
        rig.workers.runNewest();
        rig.workers.runAllButChecks();

        assertThat(rig.registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
    }

    @Test // R2b
    void a_run_that_got_its_thread_too_late_is_over_although_the_timer_has_not_seen_it() {
        rig.registry.register("db", check, o -> o.cacheFor(Duration.ZERO));
        rig.begin();
        rig.time.stopTimer();

        rig.advance(ofMillis(800));

        assertThat(check.runs).hasValue(0);
        assertThat(rig.check("db").status()).isEqualTo(Status.UP);
    }

    @Test // R3f
    void a_run_after_one_that_came_back_late_is_overdue_at_its_own_deadline() {
        rig.registry.register("db", check, o -> o.cacheFor(Duration.ZERO));
        rig.begin();
        rig.advanceWhileHanging(ofSeconds(3));
        rig.workers.runAll();

        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        rig.advanceWhileHanging(ofMillis(799));
        assertThat(answer).isNotDone();
        rig.advanceWhileHanging(ofMillis(1));

        assertThat(answer.join().checks().get(0).reason()).isEqualTo("timeout");
        assertThat(rig.time.wakeups()).isEqualTo(1);
    }

    @Test // R3g
    void a_check_that_came_back_and_hangs_again_gets_its_replacement_after_60_seconds_too() {
        rig.registry.register("db", check);
        rig.begin();
        rig.advanceWhileHanging(ofSeconds(3));
        rig.workers.runAll();
        rig.begin();
        rig.advanceWhileHanging(ofMillis(800));

        rig.advanceWhileHanging(ofMillis(59_999));
        assertThat(rig.workers.waitingRuns()).isEqualTo(1);
        rig.advanceWhileHanging(ofMillis(1));
        assertThat(rig.workers.waitingRuns()).isEqualTo(2);
    }

    @Test // C10
    void run_now_tells_the_last_verdict_while_no_run_may_start() {
        Registration registration = rig.registry.registerAsync(
                "search", CompletableFuture::new, o -> o.timeout(ofMillis(100)).cacheFor(Duration.ZERO));
        rig.begin();
        rig.workers.runAll();
        rig.advance(ofMillis(150));

        assertThat(registration.runNow().reason()).isEqualTo("timeout");
    }

    @Test // R8d
    void a_hang_that_nobody_asked_about_has_counted_once_per_timeout_when_it_comes_back() {
        rig.registry.register(
                "db",
                () -> {
                    rig.time.advance(ofMillis(1050));
                    return CheckResult.up();
                },
                o -> o.timeout(ofMillis(100)).cacheFor(ofSeconds(60)));
        rig.begin();
        rig.workers.runAll();

        CheckReport after = rig.check("db");

        assertThat(after.reason()).isEqualTo("timeout");
        assertThat(after.consecutiveFailures()).isEqualTo(10);
    }

    @Test // R2j, R2k
    void an_overdue_stage_is_cancelled_and_its_check_runs_again_no_earlier_than_one_timeout_later() {
        CompletableFuture<CheckResult> hanging = new CompletableFuture<>();
        AtomicInteger runs = new AtomicInteger();
        rig.registry.registerAsync(
                "search",
                () -> runs.getAndIncrement() == 0 ? hanging : CompletableFuture.completedFuture(CheckResult.up()),
                o -> o.timeout(ofMillis(400)).cacheFor(ofMillis(10)));
        rig.begin();
        rig.workers.runAll();
        rig.advance(ofMillis(400));

        assertThat(hanging).isCancelled();
        rig.advance(ofMillis(399));
        assertThat(rig.check("search").reason()).isEqualTo("timeout");
        rig.advance(ofMillis(1));
        assertThat(rig.check("search").status()).isEqualTo(Status.UP);
        assertThat(runs).hasValue(2);
    }

    @Test // R3i
    void three_stages_that_cannot_be_cancelled_are_the_most_and_one_that_completes_lets_the_check_run_again() {
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<CheckResult> first = new CompletableFuture<>();
        rig.registry.registerAsync(
                "search",
                () -> Faults.uncancellable(runs.getAndIncrement() == 0 ? first : new CompletableFuture<>())
                        .checkAsync(),
                o -> o.timeout(ofMillis(100)).cacheFor(Duration.ZERO));
        for (int i = 0; i < 100; i++) {
            rig.begin();
            rig.workers.runAll();
            rig.advance(ofMillis(100));
        }
        assertThat(runs).hasValue(3);
        assertThat(rig.check("search").reason()).isEqualTo("stuck");

        first.complete(CheckResult.up());
        rig.begin();
        rig.workers.runAll();
        assertThat(runs).hasValue(4);
    }

    @Test // R3k
    void a_replacement_that_is_refused_a_thread_does_not_hide_what_hangs_and_the_next_is_tried_a_minute_later() {
        rig.registry.register("db", check);
        rig.begin();
        rig.advanceWhileHanging(ofMillis(800));
        rig.workers.refuse(true);
        rig.advanceWhileHanging(ofSeconds(60));

        CheckReport report = rig.checkWhileHanging("db");
        assertThat(report.reason()).isEqualTo("stuck");
        assertThat(report.runningFor()).isEqualTo(ofMillis(60_800));

        rig.workers.refuse(false);
        rig.advanceWhileHanging(ofMillis(59_999));
        assertThat(rig.workers.waitingRuns()).isEqualTo(1);
        rig.advanceWhileHanging(ofMillis(1));
        assertThat(rig.workers.waitingRuns()).isEqualTo(2);
    }

    @Test // R10d
    void a_stage_whose_completion_could_not_be_told_does_not_keep_its_check_from_being_run() {
        AtomicInteger runs = new AtomicInteger();
        rig.registry.registerAsync(
                "search",
                () -> runs.incrementAndGet() <= 4 ? new Deaf() : CompletableFuture.completedFuture(CheckResult.up()),
                o -> o.timeout(ofMillis(100)).cacheFor(Duration.ZERO));
        for (int i = 0; i < 4; i++) {
            rig.begin();
            rig.workers.runAll();
            rig.advance(ofMillis(200));
        }

        assertThat(rig.check("search").status()).isEqualTo(Status.UP);
        assertThat(runs).hasValue(5);
    }

    @Test // R3j
    void while_an_interrupt_has_not_returned_no_other_is_sent_and_it_counts_as_a_lost_thread() {
        rig.registry.register("db", check);
        rig.begin();
        rig.workers.beginAll();
        rig.time.advance(ofMillis(800)); // and the interrupt is on its way from here on
        rig.time.advance(ofSeconds(60));
        assertThat(rig.workers.waitingRuns()).isEqualTo(2);
        rig.workers.beginAll();
        rig.time.advance(ofMillis(800));
        rig.time.advance(Duration.ofMinutes(2));
        assertThat(rig.workers.waitingRuns()).isEqualTo(2);

        rig.workers.runAllButChecks(); // the first returns, and the second is sent
        check.answer = CheckResult.up();
        rig.workers.runNewest();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(check.interrupted).isTrue();

        assertThat(rig.check("db").status()).isEqualTo(Status.UP);
    }

    /** Complete, and tells nobody: as where an Error strikes the callback. */
    private static final class Deaf extends CompletableFuture<CheckResult> {
        Deaf() {
            complete(CheckResult.up());
        }

        @Override
        public CompletableFuture<CheckResult> whenComplete(BiConsumer<? super CheckResult, ? super Throwable> action) {
            return this;
        }
    }
}
