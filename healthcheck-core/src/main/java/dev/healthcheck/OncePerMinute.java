package dev.healthcheck;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps a line from being logged more than once a minute. Thread-safe. */
final class OncePerMinute {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Ticker ticker;
    private final AtomicLong last;

    OncePerMinute(Ticker ticker) {
        this.ticker = ticker;
        last = new AtomicLong(ticker.nanos() - MINUTE);
    }

    /** Returns whether the line is to be logged now; true for one caller a minute. */
    boolean isDue() {
        long now = ticker.nanos();
        long before = last.get();
        return now - before >= MINUTE && last.compareAndSet(before, now);
    }
}
