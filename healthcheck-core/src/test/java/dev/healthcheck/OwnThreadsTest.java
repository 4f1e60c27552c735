package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.LiveThreads;
import dev.healthcheck.testkit.Patience;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** R14: which threads there are, how they look, how many, and what becomes of an executor of the caller's. */
class OwnThreadsTest {
    private final LiveThreads threads = new LiveThreads();

    @Test // R14a, R16g
    void a_run_is_on_a_daemon_thread_named_after_the_check_with_the_context_class_loader_of_registration()
            throws Exception {
        AtomicReference<Look> seen = new AtomicReference<>();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (var registry = Patience.builder().build();
                var registering = new URLClassLoader(new URL[0], before)) {
            Thread.currentThread().setContextClassLoader(registering);
            registry.register("orders-db", () -> {
                seen.set(Look.ofThisThread());
                return CheckResult.up();
            });
            Thread.currentThread().setContextClassLoader(before);

            registry.check(Probe.READINESS);

            assertThat(seen.get()).isEqualTo(new Look("healthcheck-orders-db", true, false, registering));
            assertThat(threads.since())
                    .allMatch(Thread::isDaemon)
                    .extracting(Thread::getContextClassLoader)
                    .doesNotContain(registering);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test // R14c
    void storms_of_callers_cost_no_more_threads_than_there_are_checks() throws Exception {
        try (var registry = HealthCheckRegistry.create()) {
            for (int i = 0; i < 5; i++) {
                registry.register("check-" + i, CheckResult::up, o -> o.cacheFor(Duration.ZERO));
            }
            Callers.together(16, () -> {
                for (int i = 0; i < 300; i++) {
                    registry.check(Probe.READINESS);
                }
                return true;
            });

            assertThat(threads.since()).hasSizeLessThanOrEqualTo(5 + 2);
        }
    }

    @Test // R14c
    void storms_of_callers_that_do_not_wait_cost_no_thread_each() throws Exception {
        try (var registry = HealthCheckRegistry.create()) {
            CountDownLatch asked = new CountDownLatch(1);
            registry.register("check", () -> {
                asked.await();
                return CheckResult.up();
            });
            List<CompletableFuture<HealthReport>> answers = IntStream.range(0, 200)
                    .mapToObj(i -> registry.checkAsync(Probe.READINESS))
                    .toList();
            asked.countDown();

            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);

            // the timer, the worker that runs the check, one for the answers and one for events
            assertThat(threads.since()).hasSizeLessThanOrEqualTo(4);
        }
    }

    @Test // C12
    void who_does_not_wait_is_told_by_the_thread_that_ran_the_check() {
        AtomicReference<Thread> ran = new AtomicReference<>();
        AtomicReference<Thread> told = new AtomicReference<>();
        Semaphore runs = new Semaphore(1);
        AtomicInteger started = new AtomicInteger();
        Workers workers = new Workers(ofMillis(50)) {
            @Override
            void start(Thread worker) {
                started.incrementAndGet();
                super.start(worker);
            }
        };
        try (var registry =
                Patience.builder().internals(new SystemTimer(), workers).build()) {
            registry.register(
                    "check",
                    () -> {
                        runs.acquire();
                        ran.set(Thread.currentThread());
                        return CheckResult.up();
                    },
                    o -> o.cacheFor(Duration.ZERO));
            registry.check(Probe.READINESS); // the first verdict is news, which another thread may bring
            await().until(() -> threads.since().stream().noneMatch(Workers::isWorker));
            started.set(0);

            CompletableFuture<Void> answer =
                    registry.checkAsync(Probe.READINESS).thenAccept(report -> told.set(Thread.currentThread()));
            runs.release();

            assertThat(answer).succeedsWithin(ofSeconds(10));
            assertThat(told.get()).isSameAs(ran.get());
            assertThat(started).hasValue(1);
        }
    }

    @Test // R14b
    void a_registry_starts_no_thread_before_it_needs_one() {
        try (var registry = HealthCheckRegistry.create()) {
            registry.register("check", CheckResult::up);
            registry.check(Probe.LIVENESS);

            assertThat(threads.since()).isEmpty();
        }
    }

    @Test // R14b
    void idle_threads_end() {
        Workers workers = new Workers(ofMillis(50));
        CountDownLatch ran = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            workers.execute(ran::countDown);
        }

        await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
        assertThat(ran.getCount()).isZero();
        workers.execute(ran::countDown);
        await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
    }

    @Test // R14d
    void tasks_that_arrive_while_threads_are_about_to_end_are_run_all_the_same() throws Exception {
        Workers workers = new Workers(Duration.ofNanos(1_000));
        int each = 2_000;
        CountDownLatch ran = new CountDownLatch(4 * each);

        Callers.together(4, () -> {
            for (int i = 0; i < each; i++) {
                workers.execute(ran::countDown);
                if (i % 16 == 0) {
                    LockSupport.parkNanos(1);
                }
            }
            return true;
        });

        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test // R14d
    @Timeout(300) // each hand-over takes two threads, which a busy machine schedules slowly
    void a_task_that_arrives_while_its_thread_is_about_to_be_idle_is_not_forgotten() {
        Workers workers = new Workers();
        AtomicInteger ran = new AtomicInteger();
        for (int i = 1; i <= 20_000; i++) {
            workers.execute(ran::incrementAndGet);
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (ran.get() < i && System.nanoTime() - until < 0) {
                Thread.onSpinWait();
            }
            assertThat(ran).hasValue(i);
            long pause = System.nanoTime() + i % 4_000; // to meet every moment of its way
            while (System.nanoTime() - pause < 0) {
                Thread.onSpinWait();
            }
        }
        workers.close();
    }

    @Test // R14d
    void no_task_waits_behind_one_that_blocks() throws Exception {
        Workers workers = new Workers();
        for (int round = 0; round < 30; round++) {
            CountDownLatch allAtOnce = new CountDownLatch(8);
            Callers.together(4, () -> {
                for (int i = 0; i < 2; i++) {
                    workers.execute(() -> {
                        allAtOnce.countDown();
                        awaitQuietly(allAtOnce);
                    });
                }
                return true;
            });
            assertThat(allAtOnce.await(10, TimeUnit.SECONDS)).isTrue();
        }
        // those of two rounds, of which one is ending, and some more where they are slow to end; 240 without reuse
        assertThat(threads.since()).hasSizeLessThanOrEqualTo(40);
        workers.close();
        workers.awaitEnd(TimeUnit.SECONDS.toNanos(10));
        await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
    }

    @Test // R14j
    void an_executor_of_the_callers_runs_the_checks_and_is_not_shut_down() {
        ExecutorService pool = Executors.newFixedThreadPool(2, task -> new Thread(task, "application"));
        AtomicReference<Thread> seen = new AtomicReference<>();
        try {
            try (var registry = Patience.builder().executor(pool).build()) {
                registry.register("db", () -> {
                    seen.set(Thread.currentThread());
                    return CheckResult.up();
                });
                assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
            }
            assertThat(pool.isShutdown()).isFalse();
            await().untilAsserted(() -> assertThat(seen.get().getName()).isEqualTo("application"));
        } finally {
            pool.shutdownNow();
        }
    }

    @Test // R14k
    void an_executor_that_runs_on_the_calling_thread_is_told_of_once_and_answers_are_still_in_time() {
        Hang hang = new Hang();
        try (var log = new CapturedLog();
                var registry =
                        HealthCheckRegistry.builder().executor(Runnable::run).build()) {
            registry.register("db", hang, o -> o.timeout(ofMillis(100)));
            registry.register("other", CheckResult::up, o -> o.cacheFor(Duration.ZERO));

            HealthReport report = registry.check(Probe.READINESS);
            registry.check(Probe.READINESS);

            assertThat(report.checks()).extracting(CheckReport::reason).containsExactly("timeout", null);
            Patience.assertAnsweredWithin(ofMillis(900), report.duration());
            await().untilAsserted(() -> assertThat(log.messages()).anyMatch(OwnThreadsTest::isAboutTheCallingThread));
            hang.release();
            assertThat(log.messages().stream().filter(OwnThreadsTest::isAboutTheCallingThread))
                    .hasSize(1);
        }
    }

    private static boolean isAboutTheCallingThread(String message) {
        return message.contains("runs tasks on the calling thread");
    }

    @Test // R14k
    void a_pool_whose_callers_run_what_it_has_no_room_for_keeps_no_prober() {
        Hang hang = new Hang();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1), new ThreadPoolExecutor.CallerRunsPolicy());
        try (var registry = HealthCheckRegistry.builder().executor(pool).build()) {
            for (int i = 0; i < 4; i++) {
                registry.register("check-" + i, hang, o -> o.timeout(ofMillis(100)));
            }

            HealthReport report = registry.check(Probe.READINESS);

            Patience.assertAnsweredWithin(ofMillis(900), report.duration());
            assertThat(report.checks()).extracting(CheckReport::reason).containsOnly("timeout");
            hang.release();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test // R14l
    void an_executor_that_blocks_keeps_no_prober() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        Executor blocking = task -> awaitQuietly(released);
        try (var registry = HealthCheckRegistry.builder().executor(blocking).build()) {
            registry.register("db", CheckResult::up, o -> o.timeout(ofMillis(100)));

            List<HealthReport> reports = Callers.together(8, () -> registry.check(Probe.READINESS));

            assertThat(reports).allSatisfy(report -> Patience.assertAnsweredWithin(ofMillis(900), report.duration()));
            Hang.awaitStuck(registry, "db");
            assertThat(IntStream.range(0, 100).mapToObj(i -> registry.check("db")))
                    .allMatch(report -> "stuck".equals(report.orElseThrow().reason()));
            released.countDown();
        }
    }

    @Test // R14k
    void an_executor_that_runs_on_the_calling_thread_and_then_blocks_keeps_no_other_check() {
        CountDownLatch released = new CountDownLatch(1);
        Executor blocking = task -> {
            task.run();
            awaitQuietly(released);
        };
        try (var registry = Patience.builder().executor(blocking).build()) {
            for (int i = 0; i < 20; i++) {
                registry.register("check-" + i, CheckResult::up);
                assertThat(registry.check("check-" + i).orElseThrow().status()).isEqualTo(Status.UP);
            }
            released.countDown();
        }
    }

    @Test // R2b
    void a_run_that_waited_too_long_for_a_thread_is_overdue_and_is_not_begun() {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        CountDownLatch busy = new CountDownLatch(1);
        pool.execute(() -> awaitQuietly(busy));
        Hang check = new Hang();
        check.release();
        try (var registry = HealthCheckRegistry.builder().executor(pool).build()) {
            registry.register("db", check, o -> o.timeout(ofMillis(50)));

            assertThat(registry.check("db").orElseThrow().reason()).isEqualTo("timeout");
            busy.countDown();

            pool.shutdown();
            await().atMost(ofSeconds(10)).until(pool::isTerminated);
            assertThat(check.runs).hasValue(0);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Look(String name, boolean daemon, boolean interrupted, ClassLoader contextClassLoader) {
        static Look ofThisThread() {
            Thread thread = Thread.currentThread();
            return new Look(
                    thread.getName(), thread.isDaemon(), thread.isInterrupted(), thread.getContextClassLoader());
        }
    }
}
