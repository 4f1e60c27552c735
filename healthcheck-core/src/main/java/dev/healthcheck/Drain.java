package dev.healthcheck;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts the reports that told somebody of the draining, at most one a second, and waits for enough of them. */
final class Drain {
    private static final long COUNT_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final Ticker ticker;

    // guarded by this
    private int counted;
    private long countedAt;

    Drain(Ticker ticker) {
        this.ticker = ticker;
    }

    synchronized void told() {
        long now = ticker.nanos();
        if (counted == 0 || now - countedAt >= COUNT_EVERY) {
            counted++;
            countedAt = now;
            notifyAll();
        }
    }

    /** Whether so many reports were counted by the end of the wait. */
    synchronized boolean await(int reports, Duration atLeast, Duration atMost) throws InterruptedException {
        long begin = ticker.nanos();
        long earliest = begin + Nanos.of(atLeast);
        long latest = begin + Nanos.of(atMost);
        while (true) {
            long now = ticker.nanos();
            boolean enough = counted >= reports;
            if (latest - now <= 0 || (enough && earliest - now <= 0)) {
                return enough;
            }
            TimeUnit.NANOSECONDS.timedWait(this, (enough ? earliest : latest) - now);
        }
    }
}
