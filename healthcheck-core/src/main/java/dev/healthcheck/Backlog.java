package dev.healthcheck;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Counts the runs of one check that a caller's executor has got and not begun. Bounded, because an executor whose
 * threads all hang would collect one more run with each question, and an executor that drops tasks looks the same.
 * Thread-safe.
 */
final class Backlog {
    private static final int MOST = 16;
    private static final long ONE_MORE_AFTER = TimeUnit.MINUTES.toNanos(1);

    // guarded by this
    private int untaken;
    private long lastGiven;

    /**
     * Counts one more run, which the executor is about to get.
     *
     * @throws RejectedExecutionException if there are so many that it gets only one a minute
     */
    synchronized void give(long now) {
        if (untaken >= MOST && now - lastGiven < ONE_MORE_AFTER) {
            throw new RejectedExecutionException("the executor has not taken any of the last " + MOST + " runs");
        }
        untaken++;
        lastGiven = now;
    }

    /** Takes back the last count, as the executor has refused the run. */
    synchronized void refused() {
        untaken = Math.max(0, untaken - 1);
    }

    /** The executor has begun a run, so it works: earlier ones are lost, or will do nothing. */
    synchronized void taken() {
        untaken = 0;
    }
}
