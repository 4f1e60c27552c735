package dev.healthcheck;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Counts the reports that say {@code draining}, at most one a second, and waits for enough of them. Thread-safe. Nobody
 * waits any more once it is closed.
 */
final class DrainLatch {
    private static final long COUNT_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final Ticker ticker;

    // guarded by this
    private int counted;
    private long countedAt;
    private boolean closed;

    DrainLatch(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Somebody has seen a report that says so. */
    synchronized void seen() {
        long now = ticker.nanos();
        if (counted == 0 || now - countedAt >= COUNT_EVERY) {
            counted++;
            countedAt = now;
            notifyAll();
        }
    }

    /** Ends every wait. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Waits for {@code reports}. Returns false if they did not come before {@code atMost} or {@link #close}. */
    synchronized boolean await(int reports, Duration atLeast, Duration atMost) throws InterruptedException {
        long begin = ticker.nanos();
        long earliest = begin + Nanos.of(atLeast);
        long latest = begin + Nanos.of(atMost);
        while (!closed) {
            long now = ticker.nanos();
            boolean enough = counted >= reports;
            if (latest - now <= 0 || (enough && earliest - now <= 0)) {
                return enough;
            }
            TimeUnit.NANOSECONDS.timedWait(this, (enough ? earliest : latest) - now);
        }
        return false;
    }
}
