package dev.healthcheck;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Counts the reports that say {@code draining}, at most one a second, and waits for enough of them while somebody asks.
 * Thread-safe. Nobody waits any more once it is closed.
 */
final class DrainLatch {
    private static final long COUNT_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final Ticker ticker;
    private final LastAsked asked;

    // guarded by this
    private int counted;
    private long countedAt;
    private boolean closed;

    DrainLatch(Ticker ticker, LastAsked asked) {
        this.ticker = ticker;
        this.asked = asked;
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

    /**
     * Waits for {@code reports}, at least for {@code atLeast}. Returns false if they did not come before {@code atMost} or
     * {@link #close}, or nobody asks for readiness any more.
     */
    synchronized boolean await(int reports, Duration atLeast, Duration atMost) throws InterruptedException {
        long begin = ticker.nanos();
        long earliest = begin + Nanos.of(atLeast);
        long latest = begin + Nanos.of(atMost);
        while (!closed) {
            long now = ticker.nanos();
            boolean enough = counted >= reports;
            long expected = Nanos.later(earliest, asked.expectedUntil(Probe.READINESS, now));
            long end = enough ? earliest : Nanos.earlier(latest, expected);
            if (end - now <= 0) {
                return enough;
            }
            TimeUnit.NANOSECONDS.timedWait(this, end - now);
        }
        return false;
    }
}
