package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Faults;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.LiveThreads;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** R16: what close() ends, how long it takes, and what is answered afterwards. */
class CloseTest {
    /** Less than the second for which close() waits for what does not end. */
    private static final Duration SOON = ofMillis(700);

    private final LiveThreads threads = new LiveThreads();
    private final HealthCheckRegistry registry = Patience.builder().build();

    @Test // R16c
    void afterwards_readiness_and_the_overall_report_are_closed_and_liveness_is_as_last_known() {
        registry.register("db", CheckResult::up);
        registry.register("alive", CheckResult::up, o -> o.probes(Probe.LIVENESS));
        registry.register("never-asked", CheckResult::up, o -> o.probes(Probe.STARTUP));
        registry.check(Probe.LIVENESS);

        registry.close();
        registry.close();

        assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.DOWN);
        assertThat(registry.check(Probe.READINESS).reason()).isEqualTo("closed");
        assertThat(registry.check().reason()).isEqualTo("closed");
        assertThat(registry.checkAsync().join().reason()).isEqualTo("closed");
        assertThat(registry.check(Probe.LIVENESS).status()).isEqualTo(Status.UP);
        assertThat(registry.check(Probe.LIVENESS).reason()).isNull();
        assertThat(registry.check(Probe.STARTUP).checks().get(0).reason()).isEqualTo("pending");
    }

    @Test // R16c
    void a_liveness_that_was_down_stays_down_also_for_who_waits_while_it_is_closed() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch second = new CountDownLatch(1);
        registry.register(
                "deadlock",
                () -> {
                    if (runs.incrementAndGet() > 1) {
                        second.countDown();
                        new CountDownLatch(1).await();
                    }
                    return CheckResult.down("two threads");
                },
                o -> o.probes(Probe.LIVENESS).cacheFor(Duration.ZERO));
        registry.check(Probe.LIVENESS);
        CompletableFuture<HealthReport> waiting = registry.checkAsync(Probe.LIVENESS);
        assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();

        registry.close();

        assertThat(waiting).succeedsWithin(ofSeconds(10));
        assertThat(waiting.join().status()).isEqualTo(Status.DOWN);
        assertThat(registry.check(Probe.LIVENESS).status()).isEqualTo(Status.DOWN);
    }

    @Test // R16a, R16e
    void no_thread_is_left_and_nothing_runs_any_more() {
        AtomicInteger runs = new AtomicInteger();
        registry.addListener(change -> {});
        for (int i = 0; i < 10; i++) {
            registry.register(
                    "scheduled-" + i,
                    () -> {
                        runs.incrementAndGet();
                        return CheckResult.up();
                    },
                    o -> o.every(ofMillis(100)).timeout(ofMillis(100)));
        }
        registry.register("sleeping", () -> {
            TimeUnit.MINUTES.sleep(1);
            return CheckResult.up();
        });
        CompletableFuture<HealthReport> waiting = registry.checkAsync(Probe.READINESS);
        await().until(() -> runs.get() > 20);

        registry.close();
        int then = runs.get();

        await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
        registry.check();
        assertThat(runs).hasValue(then);
        assertThat(waiting).succeedsWithin(ofSeconds(10));
    }

    @Test // R16b
    void it_takes_a_second_although_a_check_ignores_interrupts_and_leaves_that_thread_alone() {
        Hang first = new Hang();
        Hang second = new Hang();
        registry.register("first", first, o -> o.timeout(ofMillis(300)));
        registry.register("second", second, o -> o.timeout(ofMillis(300)));
        registry.check();
        Hang.awaitStuck(registry, "first");
        Hang.awaitStuck(registry, "second");
        long begin = System.nanoTime();

        registry.close();

        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(took).isGreaterThanOrEqualTo(ofMillis(900));
        Patience.assertAnsweredWithin(ofSeconds(1), took);
        await().untilAsserted(() -> assertThat(threads.since())
                .extracting(Thread::getName)
                .containsExactlyInAnyOrder("healthcheck-first", "healthcheck-second"));
        assertThat(first.interrupts.get()).isPositive();
        first.release();
        second.release();
        await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
    }

    @Test // R16b
    void it_does_not_wait_when_there_is_nothing_to_wait_for() throws Exception {
        Patience.assertOnceWithin(SOON, () -> {
            HealthCheckRegistry idle = HealthCheckRegistry.create();
            idle.register("db", CheckResult::up);
            idle.check();
            idle.close();
        });
    }

    @Test // R16d
    void whoever_waits_is_released() throws Exception {
        Hang hang = new Hang();
        registry.register("db", hang);
        CompletableFuture<HealthReport> later = registry.checkAsync(Probe.READINESS);
        CountDownLatch asking = new CountDownLatch(1);
        CompletableFuture<HealthReport> blocked = CompletableFuture.supplyAsync(() -> {
            asking.countDown();
            return registry.check(Probe.READINESS);
        });
        hang.awaitBegun();
        assertThat(asking.await(10, TimeUnit.SECONDS)).isTrue();
        hang.release();

        registry.close();

        assertThat(later).succeedsWithin(ofSeconds(10));
        assertThat(blocked).succeedsWithin(ofSeconds(10));
    }

    @Test // R16j
    void a_check_may_close_its_registry() throws Exception {
        Patience.assertOnceWithin(SOON, () -> {
            HealthCheckRegistry own = Patience.builder().build();
            CountDownLatch closed = new CountDownLatch(1);
            own.register("suicidal", () -> {
                own.close();
                closed.countDown();
                return CheckResult.up();
            });

            assertThat(own.check(Probe.READINESS).reason()).isEqualTo("closed");
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        });
        await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
    }

    @Test // R16j
    @SuppressWarnings("try") // to close it from within is the subject
    void a_check_on_a_thread_of_the_callers_may_close_its_registry_and_does_not_wait_for_itself() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Patience.assertOnceWithin(SOON, () -> {
            CountDownLatch closed = new CountDownLatch(1);
            try (var other = Patience.builder().executor(pool).build()) {
                other.register(
                        "suicidal",
                        () -> {
                            other.close();
                            closed.countDown();
                            return CheckResult.up();
                        },
                        o -> o.interruptOnTimeout(false));

                other.check(Probe.READINESS);

                assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            }
        });
        pool.shutdownNow();
    }

    @Test // R16b
    void a_run_that_is_just_beginning_is_over_when_close_returns() throws Exception {
        FakeWorkers workers = new FakeWorkers();
        HeldUp time = new HeldUp(workers::runNewest);
        AtomicBoolean closed = new AtomicBoolean();
        AtomicReference<Boolean> calledAfterwards = new AtomicReference<>();
        var other = HealthCheckRegistry.builder().internals(time, workers).build();
        other.register("db", () -> {
            calledAfterwards.set(closed.get());
            return CheckResult.up();
        });
        assertThat(other.checkAsync()).isNotDone();
        Thread closing = new Thread(() -> {
            other.close();
            closed.set(true);
        });

        time.thread.start();
        time.asked.await();
        closing.start();
        await().until(() -> closed.get() || closing.getState() == Thread.State.TIMED_WAITING);
        time.released.countDown();
        time.thread.join();
        closing.join();

        assertThat(calledAfterwards).hasValue(false);
    }

    @Test // R10e, R16e
    void an_error_while_one_check_is_removed_keeps_neither_the_others_nor_the_threads_from_their_end() {
        FakeTime time = new FakeTime();
        AtomicInteger errors = new AtomicInteger();
        Closeable first = new Closeable();
        Closeable second = new Closeable();
        FakeTask fake = new FakeTask(errors);
        HealthCheckRegistry failing =
                HealthCheckRegistry.builder().internals(time, fake).build();
        failing.register("first", first);
        failing.register("second", second);
        errors.set(1);

        failing.close();
        failing.close();

        assertThat(errors).hasValue(0);
        assertThat(first.closed).hasValue(1);
        assertThat(second.closed).hasValue(1);
        assertThat(time.isClosed()).isTrue();
    }

    /** Workers that run what they are given at once, and throw as often as they are told. */
    private static final class FakeTask extends Workers {
        private final AtomicInteger errors;

        FakeTask(AtomicInteger errors) {
            this.errors = errors;
        }

        @Override
        void soon(Runnable task) {
            if (errors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new AssertionError("thrown on purpose");
            }
            task.run();
        }
    }

    @Test // R16f
    void close_called_from_a_listener_says_which_runs_have_not_ended() throws Exception {
        Hang stubborn = new Hang();
        try (CapturedLog log = new CapturedLog()) {
            HealthCheckRegistry left = Patience.builder().build();
            left.addListener(change -> left.close());
            left.register("stubborn", stubborn);
            assertThat(left.checkAsync("stubborn")).isNotDone();
            stubborn.awaitBegun();
            left.register("other", CheckResult::up);

            assertThat(left.check("other")).isPresent();

            await().untilAsserted(
                            () -> assertThat(log.messages()).contains("closed; 1 run has not ended yet: stubborn"));
        } finally {
            stubborn.release();
        }
    }

    @Test // R16f
    void close_says_once_how_many_runs_have_not_ended_and_of_which_checks() throws Exception {
        Hang stubborn = new Hang();
        Hang other = new Hang();
        try (CapturedLog log = new CapturedLog()) {
            HealthCheckRegistry left = Patience.builder().build();
            left.register("stubborn", stubborn);
            left.register("other", other);
            assertThat(left.checkAsync()).isNotDone();
            stubborn.awaitBegun();
            other.awaitBegun();

            left.close();
            left.close();

            await().untilAsserted(() -> assertThat(log.lines(Level.WARN))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("closed; 2 runs have not ended yet: other, stubborn"));
        } finally {
            stubborn.release();
            other.release();
        }
    }

    @Test // L21
    void a_check_that_is_unregistered_while_a_run_is_overdue_is_said_to_cost_a_thread_until_that_ends() {
        Hang stubborn = new Hang();
        try (CapturedLog log = new CapturedLog();
                HealthCheckRegistry other = HealthCheckRegistry.create()) {
            Registration registration = other.register("stubborn", stubborn, o -> o.timeout(ofMillis(100)));
            Hang.awaitStuck(other, "stubborn");

            registration.close();

            await().untilAsserted(() -> assertThat(log.messages())
                    .anyMatch(text -> text.startsWith("stubborn is unregistered, was DOWN (timeout) for ")
                            && text.endsWith("; one of its runs goes on, and keeps its thread until it ends")));
            stubborn.release();
        }
    }

    @Test // R16b
    void runs_on_threads_of_the_callers_are_waited_for_too() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        var other = Patience.builder().executor(pool).build();
        other.register("tidy", () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Faults.takeTime(ofMillis(50));
                ended.set(true);
            }
            return CheckResult.up();
        });
        CompletableFuture<HealthReport> answer = other.checkAsync();
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        other.close();

        assertThat(ended).isTrue();
        assertThat(answer).succeedsWithin(ofSeconds(10));
        pool.shutdownNow();
    }

    @Test // R16b
    void the_closing_of_its_checks_is_waited_for_too() {
        AtomicBoolean closed = new AtomicBoolean();
        class Tidy implements HealthCheck, AutoCloseable {
            @Override
            public CheckResult check() {
                return CheckResult.up();
            }

            @Override
            public void close() {
                Faults.takeTime(ofMillis(200));
                closed.set(true);
            }
        }
        registry.register("tidy", new Tidy());

        registry.close();

        assertThat(closed).isTrue();
    }

    @Test // R16j
    void a_check_may_close_another_registry_and_then_it_is_closed() {
        AtomicReference<Boolean> stillRuns = new AtomicReference<>();
        var other = Patience.builder().build();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean running = new AtomicBoolean();
        other.register("busy", () -> {
            running.set(true);
            begun.countDown();
            Faults.takeTime(ofMillis(200));
            running.set(false);
            return CheckResult.up();
        });
        registry.register("closing", () -> {
            CompletableFuture<HealthReport> answer = other.checkAsync();
            begun.await();
            other.close();
            stillRuns.set(running.get());
            return answer.isDone() ? CheckResult.up() : CheckResult.degraded("not done");
        });

        registry.check();

        assertThat(stillRuns.get()).isFalse();
        registry.close();
    }

    @Test // R16j
    void a_listener_may_close_its_registry() throws Exception {
        Patience.assertOnceWithin(SOON, () -> {
            HealthCheckRegistry own = HealthCheckRegistry.create();
            CountDownLatch closed = new CountDownLatch(1);
            own.addListener(change -> {
                own.close();
                closed.countDown();
            });
            own.register("db", CheckResult::up);

            own.check();

            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        });
        await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
    }

    @Test // R16a
    void many_may_close_at_once_while_others_ask() throws Exception {
        for (int round = 0; round < 20; round++) {
            var closing = HealthCheckRegistry.create();
            for (int i = 0; i < 4; i++) {
                closing.register("check-" + i, CheckResult::up, o -> o.cacheFor(Duration.ZERO));
            }
            AtomicInteger turn = new AtomicInteger();

            Callers.together(8, () -> {
                if (turn.incrementAndGet() % 2 == 0) {
                    closing.close();
                    return true;
                }
                for (int i = 0; i < 20; i++) {
                    Patience.assertAnsweredWithin(
                            ofMillis(900), closing.check(Probe.READINESS).duration());
                    assertThat(closing.checkAsync(Probe.READINESS)).succeedsWithin(ofSeconds(10));
                }
                return true;
            });

            assertThat(closing.check(Probe.READINESS).reason()).isEqualTo("closed");
        }
        await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
    }

    @Test // R16i
    void checks_that_can_be_closed_are_closed_once() {
        Closeable unregistered = new Closeable();
        Closeable kept = new Closeable();
        Registration registration = registry.register("unregistered", unregistered);
        registry.register("kept", kept);

        registration.close();
        registration.close();
        await().untilAsserted(() -> assertThat(unregistered.closed).hasValue(1));
        assertThat(kept.closed).hasValue(0);
        registry.close();
        registration.close();
        registry.close();

        await().untilAsserted(() -> assertThat(kept.closed).hasValue(1));
        assertThat(unregistered.closed).hasValue(1);
    }

    @Test // R16a
    void nothing_is_registered_or_run_on_request_any_more() {
        Registration registration = registry.register("db", CheckResult::up);
        registry.close();

        assertThatThrownBy(() -> registry.register("late", CheckResult::up))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("registry: closed (expected: open)");
        assertThatThrownBy(registration::runNow)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("registration: db is closed (expected: open)");
    }

    @Test // R16h
    void of_two_registries_of_one_builder_the_other_keeps_its_schedule_and_its_deadlines() {
        HealthCheckRegistry.Builder builder = HealthCheckRegistry.builder();
        AtomicInteger runs = new AtomicInteger();
        Hang hang = new Hang();
        try (HealthCheckRegistry other = builder.build()) {
            HealthCheckRegistry closed = builder.build();
            other.register(
                    "scheduled",
                    () -> {
                        runs.incrementAndGet();
                        return CheckResult.up();
                    },
                    o -> o.timeout(ofMillis(100)).every(ofMillis(100)));
            other.register("hanging", hang, o -> o.timeout(ofMillis(100)));

            closed.close();

            int before = runs.get();
            await().until(() -> runs.get() > before + 2);
            assertThat(other.checkAsync("hanging")).succeedsWithin(ofSeconds(10));
            hang.release();
        }
    }

    @Test // R16k
    void an_interrupted_caller_closes_all_the_same_and_keeps_its_flag() {
        Hang hang = new Hang();
        registry.register("db", hang, o -> o.timeout(ofMillis(300)));
        registry.check();
        Thread.currentThread().interrupt();

        registry.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(registry.check(Probe.READINESS).reason()).isEqualTo("closed");
        hang.release();
    }

    private static final class Closeable implements HealthCheck, AutoCloseable {
        final AtomicInteger closed = new AtomicInteger();

        @Override
        public CheckResult check() {
            return CheckResult.up();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
            throw new IllegalStateException("and fails");
        }
    }

    /** Time that stands still, and holds one thread up when that asks for it after the last look at the registry. */
    private static final class HeldUp implements Timer {
        private static final int AFTER_THE_LAST_LOOK = 2;

        private int asks;
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);
        private final Thread thread;

        HeldUp(Runnable task) {
            thread = new Thread(task);
            thread.setDaemon(true);
        }

        @Override
        public long nanos() {
            if (Thread.currentThread() == thread && ++asks == AFTER_THE_LAST_LOOK) {
                asked.countDown();
                awaitRelease();
            }
            return 0;
        }

        private void awaitRelease() {
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts before it has begun", e);
            }
        }

        @Override
        public Alarm alarm(Runnable task) {
            return new Alarm() {
                @Override
                public void callBy(long at) {}

                @Override
                public void close() {}
            };
        }

        @Override
        public void retry() {}

        @Override
        public long jittered(long length) {
            return length;
        }

        @Override
        public void close() {}
    }
}
