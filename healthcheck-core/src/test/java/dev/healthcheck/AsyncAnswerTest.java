package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code checkAsync} answers in time, on a thread of the registry, and gives each caller a future of its own. */
class AsyncAnswerTest {
    private final HealthCheckRegistry registry = Patience.builder().build();
    private final Hang hang = new Hang();

    @AfterEach
    void close() {
        hang.release();
        registry.close();
    }

    @Test // C13
    void a_cancelled_answer_touches_neither_the_run_nor_the_answers_of_others() throws Exception {
        registry.register("db", hang);
        CompletableFuture<HealthReport> mine = registry.checkAsync(Probe.READINESS);
        CompletableFuture<HealthReport> theirs = registry.checkAsync(Probe.READINESS);
        CompletableFuture<Optional<CheckReport>> single = registry.checkAsync("db");
        hang.awaitBegun();

        mine.cancel(true);
        theirs.copy().complete(null);
        hang.release();

        assertThat(theirs).succeedsWithin(ofSeconds(10));
        assertThat(theirs.join().status()).isEqualTo(Status.UP);
        assertThat(single).succeedsWithin(ofSeconds(10));
        assertThat(hang.interrupts).hasValue(0);
        assertThat(mine).isCancelled();
    }

    @Test // C13
    void an_answer_that_somebody_completed_himself_is_only_his() throws Exception {
        registry.register("db", hang);
        CompletableFuture<HealthReport> forged = registry.checkAsync(Probe.READINESS);
        hang.awaitBegun();

        forged.completeExceptionally(new IllegalStateException("mine"));

        assertThat(registry.checkAsync(Probe.READINESS)).isNotDone();
        hang.release();
        assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
    }

    @Test // C12
    void answers_that_must_be_waited_for_come_on_a_thread_of_the_registry() throws Exception {
        registry.register("db", hang);
        AtomicReference<String> thread = new AtomicReference<>();
        CompletableFuture<Void> told = registry.checkAsync(Probe.READINESS)
                .thenAccept(report -> thread.set(Thread.currentThread().getName()));
        hang.awaitBegun();

        hang.release();

        assertThat(told).succeedsWithin(ofSeconds(10));
        assertThat(thread.get()).startsWith("healthcheck-").isNotEqualTo("healthcheck-timer");
    }

    @Test // R4a, R15b
    void answers_to_a_hang_come_in_time_and_not_on_the_timer() {
        registry.register("db", hang, o -> o.timeout(ofMillis(100)));
        AtomicReference<String> thread = new AtomicReference<>();

        CompletableFuture<HealthReport> answer = registry.checkAsync(Probe.READINESS)
                .whenComplete(
                        (report, thrown) -> thread.set(Thread.currentThread().getName()));

        assertThat(answer).succeedsWithin(ofSeconds(10));
        assertThat(answer.join().duration()).isGreaterThanOrEqualTo(ofMillis(100));
        Patience.assertAnsweredWithin(ofSeconds(1), answer.join().duration());
        assertThat(thread.get()).isNotEqualTo("healthcheck-timer");
    }

    @Test // R14h
    void the_answers_to_all_who_wait_for_one_run_are_given_on_one_thread() throws Exception {
        registry.register("db", hang);
        Set<Thread> givers = ConcurrentHashMap.newKeySet();
        AtomicInteger given = new AtomicInteger();
        for (int i = 0; i < 300; i++) {
            CompletableFuture<Void> dependent = registry.checkAsync("db").thenAccept(report -> {
                givers.add(Thread.currentThread());
                given.incrementAndGet();
            });
            assertThat(dependent).isNotDone();
        }
        hang.awaitBegun();

        hang.release();

        await().untilAsserted(() -> assertThat(given).hasValue(300));
        assertThat(givers).hasSize(1);
    }

    @Test // R10c
    void a_dependent_that_throws_keeps_no_other_from_its_answer() throws Exception {
        registry.register("db", hang);
        AtomicInteger given = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            CompletableFuture<Void> dependent = registry.checkAsync("db").thenAccept(report -> {
                given.incrementAndGet();
                throw new StackOverflowError("thrown on purpose");
            });
            assertThat(dependent).isNotDone();
        }
        hang.awaitBegun();

        hang.release();

        await().untilAsserted(() -> assertThat(given).hasValue(10));
    }

    @Test // R14d
    void dependents_that_block_keep_neither_checks_nor_answers_nor_deadlines_waiting() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        registry.register("db", hang);
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Void> dependent = registry.checkAsync("db").thenAccept(report -> {
                blocked.countDown();
                awaitQuietly(released);
            });
            assertThat(dependent).isNotDone();
        }
        hang.release();
        assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
        registry.register("other", CheckResult::up, o -> o.cacheFor(Duration.ZERO));

        for (int i = 0; i < 20; i++) {
            assertThat(registry.check("other").orElseThrow().status()).isEqualTo(Status.UP);
            assertThat(registry.checkAsync(Probe.READINESS)).succeedsWithin(ofSeconds(10));
        }
        Hang second = new Hang();
        registry.register("second", second, o -> o.timeout(ofMillis(100)));
        assertThat(registry.checkAsync("second")).succeedsWithin(ofSeconds(10));
        second.release();
        released.countDown();
    }

    @Test // R10c
    void a_dependent_that_throws_disturbs_nobody() {
        registry.register("db", CheckResult::up, o -> o.cacheFor(Duration.ZERO));

        for (int i = 0; i < 50; i++) {
            CompletableFuture<Void> failing = registry.checkAsync(Probe.READINESS)
                    .thenAccept(report -> {
                        throw new StackOverflowError();
                    });
            assertThat(failing).failsWithin(ofSeconds(10));
            assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
        }
    }

    @Test // R5d
    void what_is_known_is_answered_at_once() {
        registry.register("db", CheckResult::up, o -> o.cacheFor(ofSeconds(60)));
        HealthReport report = registry.check(Probe.READINESS);

        assertThat(registry.checkAsync(Probe.READINESS)).isCompleted();
        assertThat(registry.checkAsync().join().checks().get(0))
                .isSameAs(report.checks().get(0));
        assertThat(registry.checkAsync("db").join())
                .containsSame(report.checks().get(0));
        assertThat(registry.checkAsync("nobody").join()).isEmpty();
    }

    @Test // C10
    void run_now_joins_the_run_under_way_and_says_at_once_that_a_check_is_stuck() {
        Registration registration = registry.register("db", hang, o -> o.timeout(ofMillis(300)));
        CompletableFuture<HealthReport> answer = registry.checkAsync();

        // on a busy machine this thread may come after the deadline
        assertThat(registration.runNow().reason()).isIn("timeout", "stuck");
        Hang.awaitStuck(registry, "db");
        assertThat(registration.runNow().reason()).isEqualTo("stuck");
        assertThat(hang.runs).hasValue(1);
        assertThat(answer).succeedsWithin(ofSeconds(10));
    }

    @Test // C10
    void run_now_joins_the_run_under_way_although_there_is_a_verdict() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Registration registration = registry.register(
                "db",
                () -> runs.incrementAndGet() == 1 ? CheckResult.down("first") : hang.check(),
                o -> o.cacheFor(Duration.ZERO));
        registry.check();
        CompletableFuture<HealthReport> answer = registry.checkAsync();
        hang.awaitBegun();

        FutureTask<CheckReport> now = new FutureTask<>(registration::runNow);
        Thread asking = new Thread(now);
        asking.start();
        await().until(() -> asking.getState() == Thread.State.TIMED_WAITING || now.isDone());
        hang.release();

        assertThat(now.get()).isSameAs(answer.join().checks().get(0));
    }

    @Test // C10
    void run_now_runs_although_there_is_a_fresh_verdict() {
        AtomicReference<CheckResult> found = new AtomicReference<>(CheckResult.down("gone"));
        Registration registration = registry.register("db", found::get, o -> o.cacheFor(ofSeconds(60)));
        registry.check();
        found.set(CheckResult.up());

        assertThat(registry.check().status()).isEqualTo(Status.DOWN);
        assertThat(registration.runNow().status()).isEqualTo(Status.UP);
        assertThat(registry.check().status()).isEqualTo(Status.UP);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
