package dev.healthcheck.jdbc;

import java.time.Duration;

/**
 * For how long a pool has been exhausted: since the first of the looks that found it so, if none of them is far from the
 * next and no connection was lent between them. Thread-safe.
 */
final class ExhaustionTimer {
    /** What happened between two looks so far apart is not known. The engine tries replacements every two minutes. */
    private static final Duration LONGEST_GAP = Duration.ofSeconds(150);

    private final Ticker ticker;
    // guarded by this
    private boolean going;
    private long since;
    private long last;

    ExhaustionTimer(Ticker ticker) {
        this.ticker = ticker;
    }

    /** The pool was found exhausted: returns for how long by now, zero the first time. */
    synchronized Duration seen() {
        if (ticker.nanos() - last > LONGEST_GAP.toNanos()) {
            going = false;
        }
        return waited();
    }

    /** Nothing came while somebody waited since the last look: returns for how long the pool is exhausted by now. */
    synchronized Duration waited() {
        last = ticker.nanos();
        if (!going) {
            going = true;
            since = last;
        }
        return Duration.ofNanos(last - since);
    }

    /** A connection was lent. */
    synchronized void over() {
        going = false;
    }
}
