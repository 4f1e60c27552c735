package dev.healthcheck.jdbc;

import java.time.Duration;

/** For how long every look at the pool has found it exhausted. Thread-safe. */
final class Exhaustion {
    private final Ticker ticker;
    // both guarded by this
    private boolean going;
    private long since;

    Exhaustion(Ticker ticker) {
        this.ticker = ticker;
    }

    /** The pool was found exhausted: returns for how long by now, zero the first time. */
    synchronized Duration seen() {
        long now = ticker.nanos();
        if (!going) {
            going = true;
            since = now;
        }
        return Duration.ofNanos(now - since);
    }

    /** A connection was to be had. */
    synchronized void over() {
        going = false;
    }
}
