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
     * Searches for threads that wait in a circle for locks which the others hold: monitors, and
     * {@linkplain java.util.concurrent.locks.AbstractOwnableSynchronizer synchronizers with an owner} such as
     * {@code ReentrantLock}. A circle is DOWN, reason {@code deadlock}. It does not count if one of its threads waits for a
     * limited time, because it then ends by itself. The JVM does not know the readers of a read-write lock or virtual
     * threads as owners, so the check does not find deadlocks with them.
     *
     * <p>Belongs to {@link Probe#LIVENESS}, and must be put there: only a restart repairs a deadlock. A run stops all
     * threads of the JVM for a moment; the more threads there are, the longer it is. Needs the module
     * {@code java.management}.
     *
     * <p>Details: {@code deadlocked}, the number of threads; {@code threads}, what the first ten of them wait for.
     *
     * @return the check
     */
    public static HealthCheck deadlock() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return () -> judge(deadlocked(threads));
    }

    /**
     * Checks how much of the heap the garbage collector could not free. More than the given share of the maximum heap is
     * DOWN, reason {@code heap-full}: soon the collector runs all the time, or memory runs out. Garbage does not count. The
     * check starts no collection: it reads what the last collection of each generation has left, and it knows nothing
     * before the first collection of the old generation. G1 updates the number after it has collected old regions. From
     * JDK 20 on G1 also does so after it has marked them; for a moment the number may then be too large.
     *
     * <p>ZGC moves a leak to the old generation some time after it has counted it. The check then stays DOWN until that
     * generation has been collected, or has room again.
     *
     * <p>Belongs to {@link Probe#LIVENESS}, and must be put there: a restart repairs a leak for a while. In
     * {@link Probe#READINESS} it would move the load to instances that leak as well. To avoid needless restarts use a large
     * share such as 0.95, an {@linkplain CheckOptions#every interval} of a few seconds, and a
     * {@linkplain CheckOptions#failureThreshold threshold} of several runs. For a warning only, make the check
     * {@linkplain CheckOptions#optional() optional} and use a smaller share. Needs the module {@code java.management}.
     *
     * <p>Details: in bytes {@code used}, after collection, and {@code limit}, the maximum heap; {@code share}, as given.
     *
     * @param share above 0 and below 1; 0.95 is 95 %
     * @return the check
     * @throws IllegalArgumentException if {@code share} is out of bounds
     */
    public static HealthCheck heapAfterCollection(double share) {
        return new HeapAfterCollection(new UsageLimit(share));
    }

    /**
     * Gives an executor or event loop an empty task and measures how long the task waits to run. Longer than {@code limit}
     * is DOWN, reason {@code unresponsive}. If the executor refuses the task, the check is DOWN, reason {@code rejected}.
     * The limit may be longer than the {@linkplain CheckOptions#timeout(Duration) timeout}: the run ends in time, the task
     * keeps waiting, and the next run finds it. Until the limit the check is DEGRADED, reason {@code slow}.
     *
     * <p>Only one task waits at a time, however many callers ask. It does no harm if it runs late or never. An executor may
     * discard a task, so the check gives it another one after a minute, then after two, and so on. An executor that runs
     * tasks on the calling thread is responsive.
     *
     * <p>An event loop belongs to {@link Probe#LIVENESS}, and must be put there, with a limit of many seconds: a restart
     * repairs a stuck event loop. A thread pool belongs to {@link Probe#READINESS}: if it is overloaded, a restart makes
     * things worse. One free thread of a pool is enough for an answer.
     *
     * <p>Details, unless the executor is responsive: in milliseconds {@code waitingMs} and {@code limitMs}.
     *
     * @param executor the check never shuts it down
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
                .filter(Objects::nonNull) // the thread has ended meanwhile
                .toList());
    }

    /** Removes the threads that wait, directly or through others, for a thread whose wait is limited. */
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
