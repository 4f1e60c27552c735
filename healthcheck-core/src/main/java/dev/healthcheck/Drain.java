package dev.healthcheck;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts the reports that told somebody of the draining, at most one a second, and waits for enough of them. */
final class Drain {
    private static final long COUNT_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final Timer timer;

    // guarded by this
    private int counted;
    private long countedAt;

    Drain(Timer timer) {
        this.timer = timer;
    }

    synchronized void told() {
        long now = timer.nanos();
        if (counted == 0 || now - countedAt >= COUNT_EVERY) {
            counted++;
            countedAt = now;
            notifyAll();
        }
    }

    /** Whether so many reports were counted by the end of the wait. */
    boolean await(int reports, Duration atLeast, Duration atMost) throws InterruptedException {
        long begin = timer.nanos();
        long earliest = begin + Nanos.of(atLeast);
        long latest = begin + Nanos.of(atMost);
        Timer.Wakeup first = timer.schedule(Nanos.of(atLeast), this::wake);
        Timer.Wakeup last = timer.schedule(Nanos.of(atMost), this::wake);
        try {
            return await(reports, earliest, latest);
        } finally {
            first.cancel();
            last.cancel();
        }
    }

    private synchronized boolean await(int reports, long earliest, long latest) throws InterruptedException {
        while (true) {
            long now = timer.nanos();
            boolean enough = counted >= reports;
            if (latest - now <= 0 || (enough && earliest - now <= 0)) {
                return enough;
            }
            TimeUnit.NANOSECONDS.timedWait(this, (enough ? earliest : latest) - now);
        }
    }

    private synchronized void wake() {
        notifyAll();
    }
}
