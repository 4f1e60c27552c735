package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.Patience;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R2, R15 and R16: an interrupt closes the channel for which a thread waits, and that is foreign code. */
class ForeignInterruptTest {
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);

    @Test // R2i
    void a_channel_whose_closing_blocks_keeps_neither_questions_nor_the_stack_nor_close_waiting() {
        HealthCheckRegistry registry = HealthCheckRegistry.create();
        registry.register("stubborn", waitingFor(new Channel(this::block)), o -> o.timeout(ofMillis(200)));
        registry.register("other", CheckResult::up, o -> o.cacheFor(Duration.ZERO));
        CheckReport report = registry.check("stubborn").orElseThrow();
        assertThat(report.reason()).isEqualTo("timeout");
        Hang.awaitStuck(registry, "stubborn");
        await().until(() -> closing.getCount() == 0);

        long start = System.nanoTime();
        CheckReport stuck = registry.check("stubborn").orElseThrow();
        assertThat(stuck.stuckStack()).isNotEmpty();
        assertThat(registry.check("other").orElseThrow().status()).isEqualTo(Status.UP);
        registry.close();

        Patience.assertAnsweredWithin(ofMillis(1500), Duration.ofNanos(System.nanoTime() - start));
        released.countDown();
    }

    @Test // R2i
    void an_interrupt_that_throws_is_logged_and_reaches_no_handler_of_the_application() throws Exception {
        AtomicInteger uncaught = new AtomicInteger();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.incrementAndGet());
        try (CapturedLog log = new CapturedLog();
                HealthCheckRegistry registry = HealthCheckRegistry.create()) {
            registry.register(
                    "throwing", waitingFor(new Channel(ForeignInterruptTest::fail)), o -> o.timeout(ofMillis(200))
                            .cacheFor(Duration.ZERO));
            assertThat(registry.check("throwing").orElseThrow().reason()).isEqualTo("timeout");

            await().untilAsserted(() -> {
                registry.check("throwing"); // again, as a run that gets its thread too late is not interrupted
                assertThat(log.messages())
                        .anyMatch(line -> line.contains("throwing: interrupting the overdue run threw"));
            });
            await().until(() ->
                    registry.check("throwing").orElseThrow().runningFor() == null || released.getCount() == 0);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(uncaught).hasValue(0);
    }

    @Test // R2h
    void the_interrupt_does_not_outlive_a_run_that_ends_while_it_is_being_interrupted() {
        try (HealthCheckRegistry registry = HealthCheckRegistry.create()) {
            AtomicInteger interrupted = new AtomicInteger();
            Channel channel = new Channel(this::block);
            HealthCheck waiting = waitingFor(channel);
            registry.register("first", waiting, o -> o.timeout(ofMillis(200)));
            assertThat(registry.check("first").orElseThrow().reason()).isEqualTo("timeout");
            Hang.awaitStuck(registry, "first");
            await().until(() -> closing.getCount() == 0);
            for (int i = 0; i < 8; i++) {
                registry.register("next-" + i, () -> {
                    if (Thread.interrupted()) {
                        interrupted.incrementAndGet();
                    }
                    return CheckResult.up();
                });
            }

            released.countDown();
            await().until(() -> registry.check("first").orElseThrow().runningFor() == null);
            assertThat(registry.check().checks()).hasSize(9);

            assertThat(interrupted).hasValue(0);
        }
    }

    @Test // R2h
    void an_interrupt_that_is_sent_while_the_check_is_unregistered_does_not_outlive_the_run() throws Exception {
        CountDownLatch checkReleased = new CountDownLatch(1);
        CountDownLatch interrupting = new CountDownLatch(1);
        AtomicInteger interrupts = new AtomicInteger();
        LateInterrupts thread = new LateInterrupts(interrupting, released, interrupts);
        ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        thread.tasks = tasks;
        thread.start();
        HealthCheckRegistry registry =
                HealthCheckRegistry.builder().executor(tasks::add).build();
        Registration registration = registry.register("db", () -> {
            checkReleased.await();
            return CheckResult.up();
        });
        assertThat(registry.check("db").orElseThrow().reason()).isEqualTo("timeout");
        assertThat(interrupting.await(10, TimeUnit.SECONDS)).isTrue();

        registration.close();
        registry.close();
        released.countDown();

        await().until(() -> thread.afterwards != null);
        assertThat(interrupts).hasValue(1);
        assertThat(thread.afterwards).isFalse();
    }

    /** A caller's thread whose interrupt takes its time, and which runs something else after the run. */
    private static final class LateInterrupts extends Thread {
        private final CountDownLatch interrupting;
        private final CountDownLatch released;
        private final AtomicInteger interrupts;
        private volatile Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private volatile @Nullable Boolean afterwards;

        LateInterrupts(CountDownLatch interrupting, CountDownLatch released, AtomicInteger interrupts) {
            this.interrupting = interrupting;
            this.released = released;
            this.interrupts = interrupts;
            setDaemon(true);
        }

        @Override
        public void run() {
            Runnable task = null;
            while (task == null) {
                Thread.onSpinWait();
                task = tasks.poll();
            }
            task.run();
            long until = System.nanoTime() + ofMillis(200).toNanos();
            boolean interrupted = false;
            while (System.nanoTime() - until < 0) {
                interrupted |= Thread.currentThread().isInterrupted();
            }
            afterwards = interrupted;
        }

        @Override
        public void interrupt() {
            interrupts.incrementAndGet();
            super.interrupt(); // and it is free, while its interrupt is still being sent
            interrupting.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static HealthCheck waitingFor(Channel channel) {
        AtomicInteger runs = new AtomicInteger();
        return () -> {
            if (runs.incrementAndGet() == 1) {
                channel.await();
            }
            return CheckResult.up();
        };
    }

    private void block() {
        closing.countDown();
        boolean interrupted = false;
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fail() {
        throw new IllegalStateException("closing failed");
    }

    /** For which a thread waits until it is closed, as for a socket. */
    private static final class Channel extends AbstractInterruptibleChannel {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final Runnable closing;

        Channel(Runnable closing) {
            this.closing = closing;
        }

        void await() throws Exception {
            boolean completed = false;
            try {
                begin();
                while (closed.getCount() > 0) {
                    waitABit();
                }
                completed = true;
            } finally {
                end(completed);
            }
        }

        private void waitABit() {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                Thread.onSpinWait();
            }
        }

        @Override
        protected void implCloseChannel() {
            try {
                closing.run();
            } finally {
                closed.countDown();
            }
        }
    }
}
