package dev.healthcheck;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The runs of one check that a caller's executor was given and has not taken. Bounded, because an executor whose
 * threads all hang would collect one more with each question, and an executor that drops tasks cannot be told from it.
 * Thread-safe.
 */
final class Backlog {
    private static final int MOST = 16;
    private static final long ONE_MORE_AFTER = TimeUnit.MINUTES.toNanos(1);

    // guarded by this
    private int untaken;
    private long lastGiven;

    /**
     * One more is about to be given.
     *
     * @throws RejectedExecutionException if there are so many that one a minute has to do
     */
    synchronized void give(long now) {
        if (untaken >= MOST && now - lastGiven < ONE_MORE_AFTER) {
            throw new RejectedExecutionException("the executor has not taken any of the last " + MOST + " runs");
        }
        untaken++;
        lastGiven = now;
    }

    /** The executor has refused it. */
    synchronized void refused() {
        untaken = Math.max(0, untaken - 1);
    }

    /** The executor has taken one: it works, and those given before are lost, or will do nothing. */
    synchronized void taken() {
        untaken = 0;
    }
}
