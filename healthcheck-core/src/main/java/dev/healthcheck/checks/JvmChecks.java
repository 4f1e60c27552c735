package dev.healthcheck.checks;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Probe;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks of the Java virtual machine and of what runs in it. */
public final class JvmChecks {
    private static final int MOST_THREADS = 10;

    private JvmChecks() {}

    /**
     * Looks for threads that wait in a circle for locks that the others hold, monitors and
     * {@linkplain java.util.concurrent.locks.AbstractOwnableSynchronizer synchronizers with an owner} such as
     * {@code ReentrantLock}. Such threads are DOWN, reason {@code deadlock}. A circle in which some thread waits for a
     * limited time is none: it ends by itself. The JVM knows neither the readers of a read-write lock nor virtual
     * threads as owners, so a deadlock with one of these is not seen.
     *
     * <p>Belongs to {@link Probe#LIVENESS}, and has to be put there: a restart cures a deadlock, and nothing else does.
     * A run stops all threads of the JVM for a moment, which is longer the more there are. Needs the module
     * {@code java.management}.
     *
     * <p>Details: {@code deadlocked}, how many threads; {@code threads}, what the first ten of them wait for.
     *
     * @return the check
     */
    public static HealthCheck deadlock() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return () -> judge(deadlocked(threads));
    }

    /**
     * Looks at what the garbage collector could not free. When it left more than the given share of the maximum heap,
     * that is DOWN, reason {@code heap-full}: soon it will run all the time, or there will be no more memory. Garbage
     * does not count, however much there is, and no collection is asked for: what is known is what the last ones of
     * each generation have left, and nothing before the first one of the old generation. G1 tells of it when it has
     * collected old regions, and from JDK 20 on also when it has marked them, which may be too much for a moment.
     *
     * <p>Belongs to {@link Probe#LIVENESS}, and has to be put there: a restart cures a leak for a while. In
     * {@link Probe#READINESS} it would move the load to instances that leak as well. To restart none in vain, let it be
     * a large share such as 0.95, {@linkplain CheckOptions#every looked at} every few seconds, and
     * {@linkplain CheckOptions#failureThreshold several times} in a row. To be only told, make it
     * {@linkplain CheckOptions#optional() optional} with a smaller one. Needs the module {@code java.management}.
     *
     * <p>Details: in bytes {@code used}, after collection, and {@code limit}, the maximum heap; {@code share}, as given.
     *
     * @param share above 0 and below 1; 0.95 is 95 %
     * @return the check
     * @throws IllegalArgumentException if {@code share} is no such number
     */
    public static HealthCheck heapAfterCollection(double share) {
        return new HeapAfterCollection(new UsageLimit(share));
    }

    /**
     * Hands an executor or event loop a task that does nothing, and looks how long it waits there to be run. Longer than
     * {@code limit} is DOWN, reason {@code unresponsive}; a task that is not taken is DOWN, reason {@code rejected}. A
     * limit above the {@linkplain CheckOptions#timeout(Duration) timeout} is well: a run ends in its time, the task
     * waits on and the next run finds it. Until the limit it is DEGRADED, reason {@code slow}.
     *
     * <p>However often asked, and by however many, only one task waits at a time, which is run late or never without
     * harm. A task can be lost, for an executor may discard it: after a minute another one is handed over, then after
     * two, and so on. An executor that runs tasks on the calling thread is responsive.
     *
     * <p>An event loop belongs to {@link Probe#LIVENESS}, and has to be put there, with a limit of many seconds: a
     * restart cures one that is stuck. A thread pool belongs to {@link Probe#READINESS}: when it is only overloaded, a
     * restart makes it worse. Of a pool with many threads one free thread is enough for an answer.
     *
     * <p>Details, unless it is responsive: in milliseconds {@code waitingMs} and {@code limitMs}.
     *
     * @param executor never shut down
     * @param limit positive
     * @return the check
     * @throws IllegalArgumentException if {@code limit} is not positive
     */
    public static HealthCheck responsive(Executor executor, Duration limit) {
        requireNonNull(executor, "executor");
        return new Responsiveness(executor, Arguments.positive("limit", limit), System::nanoTime);
    }

    private static CheckResult judge(List<ThreadInfo> deadlocked) {
        if (deadlocked.isEmpty()) {
            return CheckResult.up();
        }
        return CheckResult.down(deadlocked.size() + " threads wait for each other")
                .withReason("deadlock")
                .withDetail("deadlocked", deadlocked.size())
                .withDetail(
                        "threads",
                        deadlocked.stream()
                                .limit(MOST_THREADS)
                                .map(JvmChecks::describe)
                                .toList());
    }

    private static List<ThreadInfo> deadlocked(ThreadMXBean threads) {
        long[] ids = threads.findDeadlockedThreads();
        if (ids == null) {
            return List.of();
        }
        return withoutTransient(Stream.of(threads.getThreadInfo(ids))
                .filter(Objects::nonNull) // it has ended since
                .toList());
    }

    /** Those that wait, directly or through others, for none that goes on after a while. */
    private static List<ThreadInfo> withoutTransient(List<ThreadInfo> circles) {
        List<ThreadInfo> all = circles.stream()
                .filter(thread -> thread.getThreadState() != Thread.State.TIMED_WAITING)
                .toList();
        Set<Long> ids = all.stream().map(ThreadInfo::getThreadId).collect(Collectors.toSet());
        List<ThreadInfo> blocked = all.stream()
                .filter(thread -> ids.contains(thread.getLockOwnerId()))
                .toList();
        return blocked.size() == circles.size() ? blocked : withoutTransient(blocked);
    }

    private static String describe(ThreadInfo thread) {
        return thread.getThreadName() + " waits for " + thread.getLockName() + " held by " + thread.getLockOwnerName();
    }
}
