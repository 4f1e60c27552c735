package dev.healthcheck.jdbc;

import java.time.Duration;

/**
 * Measures for how long a pool has been exhausted: since the first run that found it so, as long as no two such runs are
 * far apart and no run has got a connection between them. Thread-safe.
 */
final class ExhaustionTimer {
    /** Nobody knows what the pool did between two runs that are further apart. Replacements start every two minutes. */
    private static final Duration LONGEST_GAP = Duration.ofSeconds(150);

    private final Ticker ticker;
    // guarded by this
    private boolean going;
    private long since;
    private long last;

    ExhaustionTimer(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Records that a run has found the pool exhausted. Returns for how long it has been so, zero the first time. */
    synchronized Duration seen() {
        if (ticker.nanos() - last > LONGEST_GAP.toNanos()) {
            going = false;
        }
        return waited();
    }

    /** Records that a run has waited in vain since the last record, so there is no gap. Returns for how long by now. */
    synchronized Duration waited() {
        last = ticker.nanos();
        if (!going) {
            going = true;
            since = last;
        }
        return Duration.ofNanos(last - since);
    }

    /** Records that the pool has lent a connection. */
    synchronized void over() {
        going = false;
    }
}
