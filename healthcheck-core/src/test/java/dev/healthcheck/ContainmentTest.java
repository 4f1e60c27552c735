package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Faults;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R10: whatever a check does, it is that check's DOWN, and neither the report's failure nor another check's. */
class ContainmentTest {
    private final HealthCheckRegistry registry = Patience.builder().build();

    @AfterEach
    void close() {
        registry.close();
    }

    @ParameterizedTest // R10a
    @MethodSource("dev.healthcheck.testkit.Faults#throwables")
    void whatever_is_thrown_is_down_with_reason_threw(Throwable thrown) {
        registry.register("throwing", Faults.throwing(thrown));
        registry.register("other", CheckResult::up);

        HealthReport report = registry.check(Probe.READINESS);

        CheckReport down = report.checks().get(0);
        assertThat(down.status()).isEqualTo(Status.DOWN);
        assertThat(down.reason()).isEqualTo("threw");
        assertThat(down.cause()).isSameAs(thrown);
        assertThat(down.error()).contains(thrown.getClass().getName());
        assertThat(report.checks().get(1).status()).isEqualTo(Status.UP);
    }

    @ParameterizedTest // R10a
    @MethodSource("dev.healthcheck.testkit.Faults#throwables")
    void whatever_an_async_check_throws_or_completes_with_is_down_with_reason_threw(Throwable thrown) {
        registry.registerAsync("throwing", Faults.throwingAsync(thrown));
        registry.registerAsync("failed", Faults.stage(CompletableFuture.failedFuture(thrown)));
        registry.registerAsync(
                "wrapped", Faults.stage(CompletableFuture.failedFuture(new CompletionException(thrown))));
        registry.registerAsync("other", () -> CompletableFuture.completedFuture(CheckResult.up()));

        HealthReport report = registry.check(Probe.READINESS);

        assertThat(report.checks()).extracting(CheckReport::reason).containsExactly("threw", "threw", "threw", null);
        assertThat(report.checks()).extracting(CheckReport::cause).containsExactly(thrown, thrown, thrown, null);
    }

    @Test // R10a
    void a_check_that_recurses_for_ever_is_down_with_reason_threw_and_can_be_run_again() {
        AtomicInteger runs = new AtomicInteger();
        HealthCheck recursing = Faults.recursing();
        registry.register(
                "recursive",
                () -> runs.incrementAndGet() == 1 ? recursing.check() : CheckResult.up(),
                o -> o.cacheFor(Duration.ZERO));

        assertThat(registry.check("recursive").orElseThrow().cause()).isInstanceOf(StackOverflowError.class);
        assertThat(registry.check("recursive").orElseThrow().status()).isEqualTo(Status.UP);
    }

    @Test // R10a
    void no_result_is_down_with_reason_threw() {
        registry.register("null", Faults.returningNull());
        registry.registerAsync("no-stage", Faults.noStage());
        registry.registerAsync("null-in-stage", Faults.stage(CompletableFuture.completedFuture(null)));
        registry.register("other", CheckResult::up);

        HealthReport report = registry.check(Probe.READINESS);

        assertThat(report.checks()).extracting(CheckReport::reason).containsExactly("threw", "threw", "threw", null);
        assertThat(report.checks())
                .extracting(CheckReport::error)
                .containsExactly(
                        "java.lang.NullPointerException: check returned null",
                        "java.lang.NullPointerException: checkAsync returned null",
                        "java.lang.NullPointerException: the stage completed with null",
                        null);
    }

    @Test // R10c
    void a_stage_may_complete_on_a_foreign_thread() {
        registry.registerAsync("search", Faults.onForeignThread(CheckResult.degraded("slow disks")));

        CompletableFuture<HealthReport> answer = registry.checkAsync(Probe.READINESS);

        assertThat(answer).succeedsWithin(ofSeconds(10));
        assertThat(answer.join().status()).isEqualTo(Status.DEGRADED);
    }

    @Test // R10c
    void a_stage_that_completes_twice_counts_once() {
        registry.registerAsync(
                "twice", Faults.completingTwice(CheckResult.degraded("first"), new IllegalStateException("second")));

        CheckReport report = registry.check("twice").orElseThrow();

        assertThat(report.message()).isEqualTo("first");
        assertThat(registry.check("twice").orElseThrow()).isSameAs(report);
        assertThat(report.runs()).hasSize(1);
    }

    @Test // R10a
    void a_stage_that_throws_when_it_is_listened_to_is_down_with_reason_threw() {
        registry.registerAsync("odd", Faults.refusingListeners());

        CheckReport report = registry.check("odd").orElseThrow();

        assertThat(report.reason()).isEqualTo("threw");
        Patience.assertAnsweredWithin(ofMillis(900), report.duration());
    }

    @Test // R10c
    void a_stage_that_blocks_whoever_listens_to_it_does_not_keep_other_checks_from_running() {
        CountDownLatch released = new CountDownLatch(1);
        registry.registerAsync("odd", Faults.blockingListeners(released), o -> o.timeout(ofMillis(300))
                .probes(Probe.LIVENESS));
        registry.register("other", CheckResult::up);

        assertThat(registry.check(Probe.LIVENESS).checks().get(0).reason()).isEqualTo("timeout");
        assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
        released.countDown();
    }

    @Test // R10c
    void dependents_of_a_cancelled_stage_that_block_do_not_keep_other_checks_from_running() {
        CountDownLatch released = new CountDownLatch(1);
        CompletableFuture<CheckResult> stage = new CompletableFuture<>();
        CompletableFuture<Void> dependent = stage.handle((result, thrown) -> {
            Faults.awaitUninterruptibly(released);
            return null;
        });
        registry.registerAsync(
                "search",
                () -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        return stage;
                    }
                    return stage;
                },
                o -> o.timeout(ofMillis(300)).probes(Probe.LIVENESS));
        CyclicBarrier meeting = new CyclicBarrier(6);
        for (int i = 0; i < 6; i++) {
            registry.register("other-" + i, () -> {
                meeting.await();
                return CheckResult.up();
            });
        }
        await().until(() -> {
            registry.check(Probe.LIVENESS); // again, as a run that gets its thread too late is not interrupted
            return stage.isCancelled();
        });

        assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
        assertThat(dependent).isNotDone();
        released.countDown();
    }

    @Test // R10b
    void an_executor_that_refuses_or_fails_is_down_with_reason_rejected() {
        Executor refusing = task -> {
            throw new RejectedExecutionException("full");
        };
        Executor failing = task -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        for (Executor executor : new Executor[] {refusing, failing}) {
            try (var other = Patience.builder().executor(executor).build()) {
                other.register("db", CheckResult::up);

                HealthReport report = other.check(Probe.READINESS);

                assertThat(report.checks().get(0).reason()).isEqualTo("rejected");
                Patience.assertAnsweredWithin(ofMillis(900), report.duration());
            }
        }
    }

    @Test // R10b
    void what_an_executor_accepted_and_refused_at_once_is_not_run() {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        CountDownLatch busy = new CountDownLatch(1);
        pool.execute(() -> Faults.awaitUninterruptibly(busy));
        AtomicInteger runs = new AtomicInteger();
        Executor undecided = task -> {
            pool.execute(task);
            throw new RejectedExecutionException("or not");
        };
        try (var other = HealthCheckRegistry.builder().executor(undecided).build()) {
            other.register("db", () -> {
                runs.incrementAndGet();
                return CheckResult.up();
            });

            assertThat(other.check("db").orElseThrow().reason()).isEqualTo("rejected");
            busy.countDown();
            pool.shutdown();
            await().until(pool::isTerminated);

            assertThat(runs).hasValue(0);
        }
    }

    @Test // R10b
    void without_a_thread_of_the_registry_a_check_is_down_with_reason_rejected_and_the_report_is_made() {
        Workers exhausted = new Workers() {
            @Override
            public void execute(Runnable task) {
                throw new RejectedExecutionException("no thread can be started");
            }
        };
        try (var other = HealthCheckRegistry.builder()
                .internals(new SystemTimer(), exhausted)
                .build()) {
            other.register("db", CheckResult::up);

            assertThat(other.check(Probe.READINESS).checks().get(0).reason()).isEqualTo("rejected");
        }
    }

    @Test // R14i
    void a_thread_that_does_not_let_itself_be_dressed_runs_checks_all_the_same() {
        Executor threads = task -> new Thread(task) {
            @Override
            public void setContextClassLoader(ClassLoader loader) {
                throw new SecurityException("not here");
            }
        }.start();
        try (var other = Patience.builder().executor(threads).build()) {
            other.register("db", CheckResult::up, o -> o.cacheFor(Duration.ZERO));

            assertThat(other.check("db").orElseThrow().status()).isEqualTo(Status.UP);
            assertThat(other.check("db").orElseThrow().status()).isEqualTo(Status.UP);
        }
    }
}
