package dev.healthcheck.jdbc;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The runs of one check that have not ended, the oldest first. Thread-safe. */
final class OpenRuns {
    // guarded by this
    private final Deque<JdbcRun> open = new ArrayDeque<>();

    /**
     * Lets {@code run} in, unless {@code most} or more others are overdue; the first is always let in. One that is not
     * overdue will soon be over, and says nothing of the pool.
     *
     * @return null if it is in; else the oldest overdue one
     */
    synchronized @Nullable JdbcRun enter(JdbcRun run, int most) {
        JdbcRun oldest = null;
        int overdue = 0;
        for (JdbcRun each : open) {
            if (each.isOverdue()) {
                oldest = oldest == null ? each : oldest;
                overdue++;
            }
        }
        if (oldest != null && overdue >= most) {
            return oldest;
        }
        open.add(run);
        return null;
    }

    synchronized void leave(JdbcRun run) {
        open.remove(run);
    }
}
