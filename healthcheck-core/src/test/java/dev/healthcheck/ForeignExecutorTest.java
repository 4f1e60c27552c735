package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** R3 and R14: an executor of the caller's that drops, doubles or delays tasks, and what a check leaves on its threads. */
class ForeignExecutorTest {
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final Switchable check = new Switchable();

    @AfterEach
    void shutDown() {
        pool.shutdownNow();
    }

    @Test // R3d, R14l
    void an_executor_that_drops_runs_costs_no_thread_and_the_check_runs_as_soon_as_it_drops_no_more() {
        AtomicBoolean drops = new AtomicBoolean(true);
        try (HealthCheckRegistry registry = registry(task -> {
            if (!drops.get()) {
                pool.execute(task);
            }
        })) {
            registry.register("db", check, o -> o.timeout(ofMillis(100)).cacheFor(Duration.ZERO));
            for (int i = 0; i < 5; i++) {
                assertThat(registry.check("db").orElseThrow().reason()).isEqualTo("timeout");
            }

            drops.set(false);

            await().until(() -> registry.check("db").orElseThrow().status() == Status.UP);
            assertThat(check.runs.get()).isPositive();
        }
    }

    @Test // R3e
    void an_executor_that_runs_a_task_twice_runs_the_check_once() throws Exception {
        Hang hang = new Hang();
        CountDownLatch both = new CountDownLatch(2);
        try (HealthCheckRegistry registry = registry(task -> {
            for (int i = 0; i < 2; i++) {
                pool.execute(() -> {
                    both.countDown();
                    task.run();
                });
            }
        })) {
            registry.register("db", hang, o -> o.timeout(ofMillis(100)));
            assertThat(registry.check("db").orElseThrow().reason()).isEqualTo("timeout");
            both.await();

            Hang.awaitStuck(registry, "db");
            assertThat(hang.runs).hasValue(1);
            hang.release();
            await().until(() -> registry.check("db").orElseThrow().status() == Status.UP);
        }
    }

    @Test // R3e
    void a_task_that_is_run_again_after_its_end_does_nothing() {
        List<Runnable> tasks = Collections.synchronizedList(new ArrayList<>());
        try (HealthCheckRegistry registry = registry(task -> {
            tasks.add(task);
            pool.execute(task);
        })) {
            registry.register("db", check);
            assertThat(registry.check("db").orElseThrow().status()).isEqualTo(Status.UP);

            tasks.get(0).run();

            assertThat(check.runs).hasValue(1);
        }
    }

    @Test // R2b
    void an_executor_that_delays_a_run_beyond_its_deadline_does_not_have_the_check_called() {
        ConcurrentLinkedQueue<Runnable> delayed = new ConcurrentLinkedQueue<>();
        try (HealthCheckRegistry registry = registry(delayed::add)) {
            registry.register("db", check, o -> o.timeout(ofMillis(100)));
            assertThat(registry.check("db").orElseThrow().reason()).isEqualTo("timeout");

            delayed.remove().run();

            assertThat(check.runs).hasValue(0);
        }
    }

    @Test // R3e
    void an_executor_that_accepts_a_run_and_then_throws_gets_it_run_once_or_not_at_all() {
        try (HealthCheckRegistry registry = registry(task -> {
            pool.execute(task);
            throw new IllegalStateException("thrown on purpose");
        })) {
            registry.register("db", check, o -> o.cacheFor(Duration.ZERO));
            for (int i = 1; i <= 20; i++) {
                assertThat(registry.check("db").orElseThrow().reason()).isIn(null, "rejected");
                assertThat(check.runs.get()).isLessThanOrEqualTo(i);
            }
        }
    }

    @Test // R14i
    @SuppressWarnings("ThreadPriorityCheck") // it is what is put back
    void what_a_check_changes_of_a_callers_thread_is_put_back() {
        ExecutorService single = Executors.newSingleThreadExecutor(task -> {
            Thread own = new Thread(task, "callers-own");
            own.setContextClassLoader(getClass().getClassLoader());
            return own;
        });
        try (HealthCheckRegistry registry = registry(single)) {
            ClassLoader loader = ClassLoader.getPlatformClassLoader();
            registry.register("untidy", () -> {
                Thread here = Thread.currentThread();
                here.setName("untidy");
                here.setPriority(Thread.MIN_PRIORITY);
                here.setContextClassLoader(loader);
                MDC.put("tenant", "a");
                here.interrupt();
                return CheckResult.up();
            });
            assertThat(registry.check("untidy").orElseThrow().status()).isEqualTo(Status.UP);

            Look look = join(single, Look::ofThisThread);

            assertThat(look)
                    .isEqualTo(new Look(
                            "callers-own", Thread.NORM_PRIORITY, getClass().getClassLoader(), false, null));
        } finally {
            single.shutdownNow();
        }
    }

    @Test // R14i
    void an_executor_whose_decorator_sets_the_logging_context_keeps_it() {
        ExecutorService single = Executors.newSingleThreadExecutor();
        AtomicReference<Map<String, String>> seen = new AtomicReference<>();
        AtomicReference<Map<String, String>> after = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        try (HealthCheckRegistry registry = registry(task -> single.execute(() -> {
            MDC.put("trace", "t1");
            task.run();
            after.set(MDC.getCopyOfContextMap());
            MDC.clear();
            done.countDown();
        }))) {
            registry.register("db", () -> {
                seen.set(MDC.getCopyOfContextMap());
                MDC.put("tenant", "a");
                return CheckResult.up();
            });
            assertThat(registry.check("db").orElseThrow().status()).isEqualTo(Status.UP);
            await().until(() -> done.getCount() == 0);

            assertThat(seen.get()).isEqualTo(Map.of("trace", "t1"));
            assertThat(after.get()).isEqualTo(Map.of("trace", "t1"));
        } finally {
            single.shutdownNow();
        }
    }

    @Test // R14l
    void an_executor_that_blocks_while_a_run_is_handed_over_costs_one_thread_of_ours_until_it_blocks_no_more() {
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger handed = new AtomicInteger();
        try (HealthCheckRegistry registry = registry(task -> {
            handed.incrementAndGet();
            awaitQuietly(released);
            pool.execute(task);
        })) {
            registry.register("db", check, o -> o.timeout(ofMillis(100)).cacheFor(Duration.ZERO));
            assertThat(registry.check("db").orElseThrow().reason()).isEqualTo("timeout");
            Hang.awaitStuck(registry, "db");
            int before = handed.get(); // 1, unless a thread of ours came to a run after its deadline
            for (int i = 0; i < 100; i++) {
                assertThat(registry.check("db").orElseThrow().reason()).isEqualTo("stuck");
            }
            assertThat(handed).hasValue(before);

            released.countDown();

            await().atMost(ofSeconds(10))
                    .until(() -> registry.check("db").orElseThrow().status() == Status.UP);
        }
    }

    @Test // R14l
    void an_executor_whose_threads_hang_collects_few_runs_and_the_check_runs_as_soon_as_it_takes_one() {
        ConcurrentLinkedQueue<Runnable> collected = new ConcurrentLinkedQueue<>();
        AtomicBoolean hangs = new AtomicBoolean(true);
        try (HealthCheckRegistry registry = registry(task -> {
            if (hangs.get()) {
                collected.add(task);
            } else {
                pool.execute(task);
            }
        })) {
            registry.register("db", check, o -> o.timeout(ofMillis(20)).cacheFor(Duration.ZERO));
            for (int i = 0; i < 50; i++) {
                assertThat(registry.check("db").orElseThrow().reason()).isIn("timeout", "rejected");
            }
            assertThat(collected).hasSizeLessThanOrEqualTo(16);
            assertThat(registry.check("db").orElseThrow().reason()).isEqualTo("rejected");

            hangs.set(false);
            collected.forEach(Runnable::run);

            await().until(() -> registry.check("db").orElseThrow().status() == Status.UP);
        }
    }

    private static HealthCheckRegistry registry(Executor executor) {
        return Patience.builder().executor(executor).build();
    }

    private static <T> T join(ExecutorService executor, Callable<T> task) {
        try {
            return executor.submit(task).get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Look(
            String name,
            int priority,
            ClassLoader loader,
            boolean interrupted,
            @Nullable Map<String, String> logging) {
        static Look ofThisThread() {
            Thread here = Thread.currentThread();
            return new Look(
                    here.getName(),
                    here.getPriority(),
                    here.getContextClassLoader(),
                    here.isInterrupted(),
                    Optional.ofNullable(MDC.getCopyOfContextMap())
                            .filter(map -> !map.isEmpty())
                            .orElse(null));
        }
    }
}
