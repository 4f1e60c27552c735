package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResponsivenessTest {
    private static final Duration LIMIT = Duration.ofMillis(200);
    /** Of so long only a run whose task is run before sees nothing. */
    private static final Duration AGES = Duration.ofHours(1);

    private final ThreadPoolExecutor loop =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    private final CountDownLatch released = new CountDownLatch(1);

    /** An executor that runs nothing until a test says so. */
    private final Queue<Runnable> handedOver = new ArrayDeque<>();

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // which overflows in no time

    @AfterEach
    void endLoop() {
        released.countDown();
        loop.shutdownNow();
    }

    @Test
    void an_event_loop_that_runs_tasks_is_up_without_details() throws Exception {
        CheckResult result = JvmChecks.responsive(loop, AGES).check();

        assertThat(result.status()).isEqualTo(Status.UP);
        assertThat(result.details()).isEmpty();
    }

    @Test
    void an_event_loop_that_is_blocked_is_down_and_up_again_when_it_goes_on() throws Exception {
        HealthCheck check = JvmChecks.responsive(loop, LIMIT);
        block();

        CheckResult result = check.check(Deadline.after(AGES));

        assertThat(result).hasToString("DOWN (unresponsive)");
        assertThat(result.message()).matches("a task has been waiting for \\d+( ms|\\.\\d s)");
        assertThat(result.details()).containsOnlyKeys("waitingMs", "limitMs").containsEntry("limitMs", 200L);
        assertThat((Long) result.details().get("waitingMs")).isGreaterThanOrEqualTo(200);

        released.countDown();
        await().untilAsserted(() -> assertThat(check.check()).hasToString("UP"));
    }

    @Test
    void a_blocked_event_loop_collects_one_task_however_often_it_is_asked() throws Exception {
        HealthCheck check = JvmChecks.responsive(loop, Duration.ofMillis(1));
        block();

        for (int i = 0; i < 50; i++) {
            assertThat(check.check()).hasToString("DOWN (unresponsive)");
        }

        assertThat(loop.getQueue()).hasSize(1);
    }

    @Test
    void a_blocked_event_loop_collects_one_task_by_however_many_it_is_asked() throws Exception {
        HealthCheck check = JvmChecks.responsive(loop, Duration.ofMillis(20));
        block();
        ExecutorService askers = Executors.newFixedThreadPool(8);
        CountDownLatch start = new CountDownLatch(1);
        for (int i = 0; i < 8; i++) {
            askers.execute(() -> askAfter(start, check));
        }

        start.countDown();
        askers.shutdown();
        assertThat(askers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

        assertThat(loop.getQueue()).hasSize(1);
    }

    @Test
    void who_asks_while_another_is_about_to_hand_a_task_over_shares_that_one() throws Exception {
        Queue<HealthCheck> others = new ArrayDeque<>();
        HealthCheck check = new Responsiveness(handedOver::add, LIMIT, () -> {
            HealthCheck other = others.poll();
            if (other != null) {
                askNow(other);
            }
            return nanos.get();
        });
        others.add(check);

        check.check(Deadline.after(Duration.ZERO));

        assertThat(handedOver).hasSize(1);
    }

    @Test
    void a_run_that_ends_before_the_limit_is_degraded_and_the_next_one_goes_on_waiting() throws Exception {
        HealthCheck check = fakeCheck(Duration.ofSeconds(10));

        assertThat(check.check(Deadline.after(Duration.ZERO))).hasToString("DEGRADED (slow)");
        pass(Duration.ofMillis(9_999));
        assertThat(check.check(Deadline.after(Duration.ZERO))).hasToString("DEGRADED (slow)");
        pass(Duration.ofMillis(1));
        CheckResult result = check.check(Deadline.after(Duration.ZERO));

        assertThat(result).hasToString("DOWN (unresponsive)");
        assertThat(result.message()).isEqualTo("a task has been waiting for 10.0 s");
        assertThat(handedOver).hasSize(1);
    }

    @Test
    void a_task_that_was_run_late_is_forgotten() throws Exception {
        HealthCheck check = fakeCheck(Duration.ofSeconds(10));
        assertThat(check.check(Deadline.after(Duration.ZERO)).status()).isEqualTo(Status.DEGRADED);
        pass(Duration.ofSeconds(30));

        handedOver.remove().run();

        assertThat(check.check(Deadline.after(Duration.ZERO))).hasToString("DEGRADED (slow)");
        assertThat(handedOver).as("a new one, that waits from now on").hasSize(1);
    }

    @Test
    void what_may_be_lost_is_handed_over_again_ever_more_rarely_and_waits_since_the_first() throws Exception {
        HealthCheck check = fakeCheck(Duration.ofSeconds(10));

        Duration step = Duration.ofSeconds(1);
        for (int second = 0; second < 3600; second++) {
            check.check(Deadline.after(Duration.ZERO));
            pass(step);
        }
        CheckResult result = check.check(Deadline.after(Duration.ZERO));

        assertThat(handedOver).as("after 0, 1, 2, 4, 8, 16 and 32 minutes").hasSize(7);
        assertThat(result.message()).isEqualTo("a task has been waiting for 1 h");
        assertThat(result.reason()).isEqualTo("unresponsive");
    }

    @Test
    void a_pool_that_discarded_the_task_is_up_again_when_it_takes_tasks() throws Exception {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1));
        pool.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        HealthCheck check = new Responsiveness(pool, LIMIT, nanos::get);
        pool.execute(this::awaitRelease);
        pool.execute(() -> {});
        assertThat(check.check(Deadline.after(Duration.ZERO))).hasToString("DEGRADED (slow)");

        released.countDown();
        await().until(() -> pool.getCompletedTaskCount() == 2);
        pass(Duration.ofMinutes(1));

        assertThat(check.check(Deadline.after(AGES))).hasToString("UP");
        pool.shutdown();
    }

    @Test
    void a_task_that_is_not_taken_is_down_with_reason_rejected_and_not_waited_for() throws Exception {
        HealthCheck check = JvmChecks.responsive(loop, AGES);
        loop.shutdown();

        for (int i = 0; i < 2; i++) {
            CheckResult result = check.check();
            assertThat(result).hasToString("DOWN (rejected)");
            assertThat(result.cause()).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void an_executor_that_throws_is_asked_again() throws Exception {
        Error broken = new Error("broken");
        Queue<Runnable> calls = new ArrayDeque<>();
        HealthCheck check = JvmChecks.responsive(
                task -> {
                    calls.add(task);
                    throw broken;
                },
                AGES);

        assertThatThrownBy(check::check).isSameAs(broken);
        assertThatThrownBy(check::check).isSameAs(broken);

        assertThat(calls).hasSize(2);
    }

    @Test
    void an_executor_that_runs_tasks_on_the_calling_thread_is_up() throws Exception {
        assertThat(JvmChecks.responsive(Runnable::run, AGES).check()).hasToString("UP");
    }

    @Test
    void a_stuck_event_loop_is_a_reason_to_restart_and_told_within_the_answer_budget() throws Exception {
        block();
        try (var registry = Patience.builder().build()) {
            registry.register("loop", JvmChecks.responsive(loop, LIMIT), o -> o.probes(Probe.LIVENESS));

            HealthReport report = registry.check(Probe.LIVENESS);

            assertThat(report).hasToString("DOWN [loop DOWN (unresponsive)]");
            Patience.assertAnsweredWithin(Duration.ofMillis(900), report.duration());
        }
    }

    @Test
    void a_run_gives_its_thread_back_when_it_is_interrupted() throws Exception {
        block();
        HealthCheck check = JvmChecks.responsive(loop, AGES);

        Thread.currentThread().interrupt();

        assertThatThrownBy(check::check).isInstanceOf(InterruptedException.class);
    }

    @Test
    void bad_arguments_are_refused_by_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JvmChecks.responsive(loop, Duration.ZERO))
                .withMessage("limit: PT0S (expected: > 0)");
        assertThatNullPointerException()
                .isThrownBy(() -> JvmChecks.responsive(null, LIMIT))
                .withMessage("executor");
        assertThatNullPointerException()
                .isThrownBy(() -> JvmChecks.responsive(loop, null))
                .withMessage("limit");
    }

    private static void askAfter(CountDownLatch start, HealthCheck check) {
        try {
            start.await();
            assertThat(check.check()).hasToString("DOWN (unresponsive)");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void askNow(HealthCheck check) {
        try {
            assertThat(check.check(Deadline.after(Duration.ZERO))).hasToString("DEGRADED (slow)");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private HealthCheck fakeCheck(Duration limit) {
        return new Responsiveness(handedOver::add, limit, nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void block() {
        loop.execute(this::awaitRelease);
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the test is over
        }
    }
}
