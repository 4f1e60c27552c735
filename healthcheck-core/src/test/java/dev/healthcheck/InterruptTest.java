package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** R2: the interrupt at the deadline frees the thread of an overdue run, and reaches nothing else. */
class InterruptTest {

    @Test // R2g
    void the_interrupt_frees_a_check_that_sleeps() {
        try (var registry = HealthCheckRegistry.create()) {
            CountDownLatch freed = new CountDownLatch(1);
            CountDownLatch never = new CountDownLatch(1);
            registry.register(
                    "sleeping",
                    () -> {
                        try {
                            never.await();
                            return CheckResult.up();
                        } finally {
                            freed.countDown();
                        }
                    },
                    o -> o.timeout(ofMillis(300)));

            assertThat(registry.check("sleeping").orElseThrow().reason()).isEqualTo("timeout");

            await().until(() -> {
                registry.check("sleeping"); // again, as a run that gets its thread too late is not interrupted
                return freed.getCount() == 0;
            });
            await().until(() -> registry.check("sleeping").orElseThrow().runningFor() == null);
        }
    }

    @Test // R2g
    void a_check_that_must_not_be_interrupted_is_left_alone() {
        Hang hang = new Hang();
        Hang interrupted = new Hang();
        try (var registry = HealthCheckRegistry.create()) {
            registry.register("left-alone", hang, o -> o.timeout(ofMillis(300)).interruptOnTimeout(false));
            registry.register("interrupted", interrupted, o -> o.timeout(ofMillis(300)));

            registry.check();
            Hang.awaitStuck(registry, "left-alone");
            Hang.awaitStuck(registry, "interrupted");
            await().until(() -> interrupted.interrupts.get() == 1);

            interrupted.release();
            await().until(() -> registry.check("interrupted").orElseThrow().runningFor() == null);
            assertThat(hang.interrupts).hasValue(0);
            hang.release();
        }
    }

    @Test // R2h
    void the_interrupt_never_outlives_the_run_on_threads_of_the_registry() {
        try (var registry = HealthCheckRegistry.create()) {
            assertThat(flagsSeen(registry)).isZero();
        }
    }

    @Test // R2h
    void the_interrupt_never_outlives_the_run_on_threads_of_the_caller() {
        ExecutorService pool = Executors.newFixedThreadPool(3);
        AtomicInteger flagsSeen = new AtomicInteger();
        // a plain task of the application's must not find the flag either
        try (var registry = HealthCheckRegistry.builder()
                .executor(task -> pool.execute(() -> {
                    task.run();
                    if (Thread.currentThread().isInterrupted()) {
                        flagsSeen.incrementAndGet();
                    }
                }))
                .build()) {
            assertThat(flagsSeen(registry)).isZero();
            assertThat(flagsSeen).hasValue(0);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Lets runs end exactly at their deadlines, or interrupted, and counts those that begin with the flag set. */
    private static int flagsSeen(HealthCheckRegistry registry) {
        AtomicInteger flagsSeen = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            registry.register("edge-" + i, new AtTheEdge(flagsSeen, interrupted, runs), o -> o.timeout(ofMillis(1))
                    .cacheFor(Duration.ZERO));
        }
        while (runs.get() < 200 || interrupted.get() < 10) {
            registry.check(Probe.READINESS);
        }
        return flagsSeen.get();
    }

    @Test // R14i
    void a_flag_that_a_check_sets_itself_does_not_reach_the_next_run() {
        try (var registry = Patience.builder().build()) {
            AtomicBoolean seen = new AtomicBoolean();
            registry.register(
                    "selfish",
                    () -> {
                        seen.compareAndSet(false, Thread.currentThread().isInterrupted());
                        Thread.currentThread().interrupt();
                        return CheckResult.up();
                    },
                    o -> o.cacheFor(Duration.ZERO));

            for (int i = 0; i < 100; i++) {
                assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
            }

            assertThat(seen).isFalse();
        }
    }

    @Test // R2g, R2j
    void an_async_check_that_blocks_while_it_starts_is_interrupted_and_its_stage_is_cancelled() {
        CompletableFuture<CheckResult> stage = new CompletableFuture<>();
        CountDownLatch never = new CountDownLatch(1);
        try (var registry = HealthCheckRegistry.create()) {
            registry.registerAsync(
                    "search",
                    () -> {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            return stage;
                        }
                        return CompletableFuture.completedFuture(CheckResult.up());
                    },
                    o -> o.timeout(ofMillis(300)));

            await().until(() -> {
                registry.check(Probe.READINESS); // again, as a run that gets its thread too late is not interrupted
                return stage.isCancelled();
            });
        }
    }

    /** Ends at its deadline, give or take some microseconds; every tenth run ends when it is interrupted. */
    private record AtTheEdge(AtomicInteger flagsSeen, AtomicInteger interrupted, AtomicInteger runs)
            implements HealthCheck {
        @Override
        public CheckResult check() {
            return CheckResult.up();
        }

        @Override
        public CheckResult check(Deadline deadline) {
            boolean awaitsInterrupt = runs.incrementAndGet() % 10 == 0;
            if (Thread.currentThread().isInterrupted() && !deadline.remaining().isZero()) {
                flagsSeen.incrementAndGet(); // which cannot be for this run
            }
            long until = System.nanoTime()
                    + deadline.remaining().toNanos()
                    + ThreadLocalRandom.current().nextLong(-30_000, 200_000);
            while (awaitsInterrupt ? !Thread.currentThread().isInterrupted() : System.nanoTime() - until < 0) {
                LockSupport.parkNanos(10_000);
            }
            if (Thread.currentThread().isInterrupted()) {
                interrupted.incrementAndGet();
            }
            return CheckResult.up();
        }
    }
}
