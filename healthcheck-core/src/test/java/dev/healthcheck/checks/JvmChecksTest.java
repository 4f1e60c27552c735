package dev.healthcheck.checks;

import static java.util.concurrent.TimeUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JvmChecksTest {
    private final HealthCheck check = JvmChecks.deadlock();
    private final List<Thread> threads = new ArrayList<>();
    private final List<ReentrantLock> locks = new ArrayList<>();

    @AfterEach
    void endThreads() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
    }

    @Test
    void no_deadlock_is_up_without_details() throws Exception {
        CheckResult result = check.check();

        assertThat(result.status()).isEqualTo(Status.UP);
        assertThat(result.details()).isEmpty();
    }

    @Test
    void threads_that_wait_for_each_other_are_down_with_reason_deadlock_and_named() throws Exception {
        circle(2, ReentrantLock::lockInterruptibly);
        awaitBlocked();

        CheckResult result = check.check();

        assertThat(result.status()).isEqualTo(Status.DOWN);
        assertThat(result.reason()).isEqualTo("deadlock");
        assertThat(result.message()).isEqualTo("2 threads wait for each other");
        assertThat(result.details()).containsOnlyKeys("deadlocked", "threads").containsEntry("deadlocked", 2);
        String lock = " waits for java\\.util\\.concurrent\\.locks\\.ReentrantLock\\$NonfairSync@[0-9a-f]+ held by ";
        assertThat(threadsIn(result))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).matches("circle-0" + lock + "circle-1"))
                .anySatisfy(line -> assertThat(line).matches("circle-1" + lock + "circle-0"));
    }

    @Test
    void a_deadlock_that_is_resolved_is_up_again() throws Exception {
        circle(2, ReentrantLock::lockInterruptibly);
        awaitBlocked();
        assertThat(check.check().status()).isEqualTo(Status.DOWN);

        threads.get(0).interrupt();
        threads.get(0).join();
        threads.get(1).join();

        assertThat(check.check().status()).isEqualTo(Status.UP);
    }

    @Test
    void of_many_threads_in_a_deadlock_the_first_ten_are_named_and_all_are_counted() throws Exception {
        circle(13, ReentrantLock::lockInterruptibly);
        awaitBlocked();

        CheckResult result = check.check();

        assertThat(result.message()).isEqualTo("13 threads wait for each other");
        assertThat(result.details()).containsEntry("deadlocked", 13);
        assertThat(threadsIn(result)).hasSize(10);
    }

    @Test
    void a_circle_in_which_one_thread_will_give_up_is_no_deadlock() throws Exception {
        circle(3, lock -> {
            if (Thread.currentThread().getName().equals("circle-0")) {
                assertThat(lock.tryLock(1, HOURS)).isTrue();
            } else {
                lock.lockInterruptibly();
            }
        });
        awaitBlocked();

        assertThat(check.check().status()).isEqualTo(Status.UP);
    }

    @Test
    void a_deadlock_is_still_found_beside_a_circle_that_will_end() throws Exception {
        circle(2, lock -> assertThat(lock.tryLock(1, HOURS)).isTrue());
        circle(2, ReentrantLock::lockInterruptibly);
        awaitBlocked();

        assertThat(check.check().message()).isEqualTo("2 threads wait for each other");
    }

    @Test
    void a_deadlock_is_a_reason_to_restart() throws Exception {
        circle(2, ReentrantLock::lockInterruptibly);
        awaitBlocked();
        try (var registry = Patience.builder().build()) {
            registry.register("deadlock", check, o -> o.probes(Probe.LIVENESS));

            HealthReport report = registry.check(Probe.LIVENESS);

            assertThat(report).hasToString("DOWN [deadlock DOWN (deadlock)]");
        }
    }

    /** So many threads, each of which holds a lock and wants that of the next. */
    private void circle(int size, Locking locking) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(size);
        List<ReentrantLock> circle =
                Stream.generate(ReentrantLock::new).limit(size).toList();
        locks.addAll(circle);
        for (int i = 0; i < size; i++) {
            ReentrantLock own = circle.get(i);
            ReentrantLock next = circle.get((i + 1) % size);
            Thread thread = new Thread(() -> holdAndWant(own, next, held, locking), "circle-" + i);
            threads.add(thread);
            thread.start();
        }
        held.await();
    }

    private static void holdAndWant(ReentrantLock own, ReentrantLock next, CountDownLatch held, Locking locking) {
        own.lock();
        try {
            held.countDown();
            held.await();
            locking.lock(next);
            next.unlock();
        } catch (InterruptedException e) {
            // the test is over, and so is this thread
        } finally {
            own.unlock();
        }
    }

    private void awaitBlocked() {
        await().until(() -> locks.stream().allMatch(ReentrantLock::hasQueuedThreads));
        await().until(() -> threads.stream().allMatch(JvmChecksTest::isParked));
    }

    private static boolean isParked(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    private static List<String> threadsIn(CheckResult result) {
        return ((List<?>) result.details().get("threads"))
                .stream().map(String.class::cast).toList();
    }

    private interface Locking {
        void lock(ReentrantLock lock) throws InterruptedException;
    }
}
