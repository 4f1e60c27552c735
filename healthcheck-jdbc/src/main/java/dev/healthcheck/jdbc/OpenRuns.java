package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The runs of one check that borrow or hold a connection, the oldest first. Thread-safe. */
final class OpenRuns {
    /** One run. */
    interface Run {
        boolean isOverdue();

        /** Returns the result of a later run that may not borrow another connection because this run has not ended. */
        CheckResult stillWaiting();
    }

    // guarded by this
    private final Deque<Run> open = new ArrayDeque<>();

    /**
     * Admits {@code run} unless {@code most} or more others are overdue. If none is overdue, it is always admitted. A run
     * that is not overdue will end soon and says nothing about the pool, so it does not count.
     *
     * @return null if {@code run} is admitted, else the oldest overdue run
     */
    synchronized @Nullable Run enter(Run run, int most) {
        Run oldest = null;
        int overdue = 0;
        for (Run each : open) {
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

    synchronized void leave(Run run) {
        open.remove(run);
    }
}
