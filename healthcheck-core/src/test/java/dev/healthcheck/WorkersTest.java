package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R10 and R14: what fails once among our own threads, and when there are too few of them. */
class WorkersTest {
    private final Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    private final AtomicInteger ran = new AtomicInteger();
    private final AtomicInteger shortages = new AtomicInteger();
    private final Scarce workers = new Scarce(ofSeconds(30));

    @BeforeEach
    void countShortages() {
        workers.onShortage(shortages::incrementAndGet);
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {});
    }

    @AfterEach
    void close() {
        workers.failures.set(0);
        workers.retry();
        workers.close();
        Thread.setDefaultUncaughtExceptionHandler(handler);
    }

    @Test // R14f
    void what_waited_for_a_thread_is_run_once_one_can_be_started_again() {
        workers.failures.set(7);
        for (int i = 0; i < 5; i++) {
            workers.soon(ran::incrementAndGet);
        }
        assertThat(shortages).hasValue(5);
        workers.retry();
        workers.retry();
        assertThat(shortages).as("told as long as it lasts").hasValue(7);
        assertThat(ran).hasValue(0);

        workers.retry();

        await().untilAsserted(() -> assertThat(ran).hasValue(5));
        assertThat(shortages).hasValue(7);
    }

    @Test // R14f
    void what_waited_for_a_thread_is_run_although_all_others_are_blocked() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        block(released);
        workers.failures.set(2);
        workers.soon(ran::incrementAndGet);
        workers.soon(ran::incrementAndGet);

        workers.retry();

        await().untilAsserted(() -> assertThat(ran).hasValue(2));
        released.countDown();
    }

    @Test // R14f
    void a_task_that_was_queued_behind_one_that_blocks_is_run_although_there_was_no_thread_for_it() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        workers.beforeStart = () -> awaitQuietly(queued);
        Thread first = new Thread(() -> workers.execute(() -> awaitQuietly(released)));
        first.start();
        await().until(() -> workers.starting.get() == 1);
        workers.beforeStart = () -> workers.failures.set(1);
        workers.soon(ran::incrementAndGet); // sees that a thread is being started
        queued.countDown();
        first.join();
        await().untilAsserted(() -> assertThat(shortages).hasValue(1));

        workers.beforeStart = () -> {};
        workers.retry();

        await().untilAsserted(() -> assertThat(ran).hasValue(1));
        released.countDown();
    }

    @Test // R14f
    void a_task_that_counted_on_a_thread_that_could_not_be_started_is_not_forgotten() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        workers.failures.set(1);
        workers.beforeStart = () -> awaitQuietly(queued);
        AtomicReference<Throwable> refused = new AtomicReference<>();
        Thread other = new Thread(() -> {
            try {
                workers.execute(() -> {});
            } catch (RejectedExecutionException e) {
                refused.set(e);
            }
        });
        other.start();
        await().until(() -> workers.starting.get() == 1);
        workers.soon(ran::incrementAndGet);
        queued.countDown();
        other.join();

        assertThat(refused.get()).isNotNull();
        assertThat(shortages).hasValue(1);
        workers.retry();
        await().untilAsserted(() -> assertThat(ran).hasValue(1));
    }

    @Test // R15a
    void the_callback_is_called_without_a_lock_and_may_throw() {
        workers.failures.set(1);
        workers.onShortage(() -> {
            assertThat(CompletableFuture.runAsync(workers::close)).succeedsWithin(ofSeconds(10));
            shortages.incrementAndGet();
            throw new InternalError("not my day");
        });

        workers.soon(ran::incrementAndGet);

        assertThat(shortages).hasValue(1);
        workers.retry();
        await().untilAsserted(() -> assertThat(ran).hasValue(1));
    }

    @Test // R10b
    void a_task_for_which_there_is_no_thread_is_refused_and_never_run() {
        workers.failures.set(1);

        assertThatThrownBy(() -> workers.execute(() -> ran.addAndGet(100)))
                .isInstanceOf(RejectedExecutionException.class)
                .hasRootCauseInstanceOf(InternalError.class);

        workers.execute(ran::incrementAndGet);
        await().untilAsserted(() -> assertThat(ran).hasValue(1));
        assertThat(shortages).as("nothing waited").hasValue(0);
    }

    @Test // R14f
    void no_task_is_lost_where_every_other_thread_cannot_be_started() throws Exception {
        Scarce hasty = new Scarce(Duration.ofNanos(1_000)) {
            @Override
            void start(Thread worker) {
                if (ThreadLocalRandom.current().nextBoolean()) {
                    throw new InternalError("no thread");
                }
                worker.start();
            }
        };
        hasty.onShortage(shortages::incrementAndGet);
        AtomicInteger accepted = new AtomicInteger();

        Callers.together(4, () -> {
            for (int i = 0; i < 1_000; i++) {
                try {
                    if (i % 2 == 0) {
                        hasty.soon(ran::incrementAndGet);
                    } else {
                        hasty.execute(ran::incrementAndGet);
                    }
                    accepted.incrementAndGet();
                } catch (RejectedExecutionException e) {
                    assertThat(e).hasRootCauseInstanceOf(InternalError.class);
                }
            }
            return true;
        });

        await().untilAsserted(() -> {
            if (shortages.getAndSet(0) > 0) {
                hasty.retry();
            }
            assertThat(ran.get()).isEqualTo(accepted.get());
        });
        hasty.close();
    }

    @ParameterizedTest // R10e
    @CsvSource({
        "add, 1",
        "add, 3",
        "poll, 1",
        "poll, 2",
        "poll, 4",
        "isEmpty, 1",
        "isEmpty, 2",
        "isEmpty, 3",
        "isEmpty, 5"
    })
    void an_error_from_the_queue_loses_no_task_and_no_thread(String method, int call) {
        Fallible queue = new Fallible(method, call);
        Workers fragile = new Workers(ofMillis(50), queue);
        fragile.onShortage(shortages::incrementAndGet);
        int accepted = 0;
        for (int i = 0; i < 5; i++) {
            try {
                fragile.execute(ran::incrementAndGet);
                accepted++;
            } catch (RejectedExecutionException e) {
                assertThat(e).hasRootCauseInstanceOf(InternalError.class);
            }
            int expected = accepted;
            await().untilAsserted(() -> {
                if (shortages.getAndSet(0) > 0) {
                    fragile.retry();
                }
                assertThat(ran).hasValue(expected);
            });
        }
        assertThat(queue.left).hasValueLessThanOrEqualTo(0);
        fragile.close();
        await().until(() -> hasEnded(fragile));
    }

    @Test // R14e
    void a_worker_whose_task_throws_goes_on_even_if_the_default_handler_throws_too() {
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            throw new IllegalStateException("bad handler");
        });
        Set<Thread> threads = ConcurrentHashMap.newKeySet();

        for (int i = 1; i <= 3; i++) {
            workers.execute(() -> {
                threads.add(Thread.currentThread());
                ran.incrementAndGet();
                throw new IllegalStateException("bad task");
            });
            int runs = i;
            await().until(() -> ran.get() == runs && threads.stream().allMatch(WorkersTest::isParked));
        }

        assertThat(threads).hasSize(1);
    }

    @Test // R14e
    void an_idle_worker_that_is_stopped_is_replaced_where_a_thread_can_be_stopped() throws Exception {
        for (int round = 1; round <= 3; round++) {
            AtomicReference<Thread> worker = new AtomicReference<>();
            workers.execute(() -> worker.set(Thread.currentThread()));
            await().until(() -> worker.get() != null && isParked(worker.get()));

            if (stop(worker.get())) {
                worker.get().join();
            }
        }

        workers.execute(ran::incrementAndGet);
        await().untilAsserted(() -> assertThat(ran).hasValue(1));
        workers.close();
        await().until(() -> hasEnded(workers));
    }

    /** Returns false on JDK 20 and newer, where no thread can be stopped: there the worker goes on. */
    @SuppressWarnings({"removal", "deprecation"}) // it is what a worker has to survive on older ones
    private static boolean stop(Thread worker) {
        try {
            worker.stop();
            return true;
        } catch (UnsupportedOperationException | NoSuchMethodError e) {
            return false;
        }
    }

    @Test // R14e
    void an_interrupt_that_nobody_meant_leaves_an_idle_worker_asleep() {
        AtomicReference<Thread> worker = new AtomicReference<>();
        workers.execute(() -> worker.set(Thread.currentThread()));
        await().until(() -> worker.get() != null && isParked(worker.get()));

        worker.get().interrupt();

        await().until(() -> !worker.get().isInterrupted() && isParked(worker.get()));
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        workers.execute(() -> interrupted.set(Thread.currentThread().isInterrupted()));
        await().untilAsserted(() -> assertThat(interrupted).hasValue(false));
    }

    @Test // R10f
    void a_caller_whose_stack_overflows_costs_nobody_else_a_thread() throws Exception {
        for (int round = 0; round < 5; round++) {
            AtomicInteger accepted = new AtomicInteger();
            ran.set(0);
            NarrowStack.overflows(() -> {
                try {
                    workers.execute(ran::incrementAndGet);
                    accepted.incrementAndGet();
                } catch (RejectedExecutionException e) {
                    // so it is not run
                }
            });

            workers.execute(() -> {});

            await().untilAsserted(() -> assertThat(ran.get()).isGreaterThanOrEqualTo(accepted.get()));
        }
        workers.close();
        await().until(() -> hasEnded(workers));
    }

    private void block(CountDownLatch until) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        workers.execute(() -> {
            begun.countDown();
            awaitQuietly(until);
        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Awaitility would take what a worker dies of for a failure, and the place of the test's own handler. */
    private static ConditionFactory await() {
        return Awaitility.await()
                .dontCatchUncaughtExceptions()
                .pollDelay(Duration.ZERO)
                .pollInterval(ofMillis(2));
    }

    private static boolean isParked(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING;
    }

    private static boolean hasEnded(Workers workers) throws InterruptedException {
        long begin = System.nanoTime();
        workers.awaitEnd(TimeUnit.SECONDS.toNanos(10));
        return System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(10);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of which so many threads cannot be started. */
    private static class Scarce extends Workers {
        final AtomicInteger failures = new AtomicInteger();
        final AtomicInteger starting = new AtomicInteger();
        volatile Runnable beforeStart = () -> {};

        Scarce(Duration idle) {
            super(idle);
        }

        @Override
        void start(Thread worker) {
            Runnable before = beforeStart; // a test that has seen the count may set another one
            starting.incrementAndGet();
            before.run();
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new InternalError("no thread");
            }
            super.start(worker);
        }
    }

    /** Throws an Error from one call of one method, after which it goes on as if nothing had been. */
    private static final class Fallible extends ConcurrentLinkedQueue<Runnable> {
        private static final long serialVersionUID = 1;

        private final transient String method;
        final transient AtomicInteger left;

        Fallible(String method, int call) {
            super(List.of());
            this.method = method;
            left = new AtomicInteger(call);
        }

        @Override
        public boolean add(Runnable task) {
            fail("add");
            return super.add(task);
        }

        @Override
        public Runnable poll() {
            fail("poll");
            return super.poll();
        }

        @Override
        public boolean isEmpty() {
            fail("isEmpty");
            return super.isEmpty();
        }

        private void fail(String called) {
            if (called.equals(method) && left.decrementAndGet() == 0) {
                throw new InternalError("no memory");
            }
        }
    }
}
