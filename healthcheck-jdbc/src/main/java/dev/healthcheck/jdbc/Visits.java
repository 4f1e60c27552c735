package dev.healthcheck.jdbc;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The runs of one check that have not ended, the oldest first. Thread-safe. */
final class Visits {
    // guarded by this
    private final Deque<Visit> open = new ArrayDeque<>();

    /**
     * Lets {@code visit} in, unless {@code most} or more others are overdue; the first is always let in. One that is not
     * overdue will soon be over, and says nothing of the pool.
     *
     * @return null if it is in; else the oldest overdue one
     */
    synchronized @Nullable Visit enter(Visit visit, int most) {
        Visit oldest = null;
        int overdue = 0;
        for (Visit each : open) {
            if (each.isOverdue()) {
                oldest = oldest == null ? each : oldest;
                overdue++;
            }
        }
        if (oldest != null && overdue >= most) {
            return oldest;
        }
        open.add(visit);
        return null;
    }

    synchronized void leave(Visit visit) {
        open.remove(visit);
    }
}
