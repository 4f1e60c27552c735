package dev.healthcheck.checks;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Probe;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks of the Java virtual machine. They need the module {@code java.management}. */
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
     * A run stops all threads of the JVM for a moment, which is longer the more there are.
     *
     * <p>Details: {@code deadlocked}, how many threads; {@code threads}, what the first ten of them wait for.
     *
     * @return the check
     */
    public static HealthCheck deadlock() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return () -> judge(deadlocked(threads));
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
