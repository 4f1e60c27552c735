package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a source is left alone after a refused login, so that the check does not lock an account that a few wrong
 * passwords lock: 10 s, then twice as long for each further refusal, 60 s at most. Thread-safe.
 */
final class LoginBackOff {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Ticker ticker;
    // guarded by this; the refusal is null as soon as a connection was lent
    private @Nullable CheckResult refusal;
    private Duration length = FIRST;
    private long since;

    LoginBackOff(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Returns the last refusal while the source is left alone, else null. */
    synchronized @Nullable CheckResult current() {
        return ticker.nanos() - since < length.toNanos() ? refusal : null;
    }

    /** Returns the last refusal if no connection was lent since, else null. */
    synchronized @Nullable CheckResult doubt() {
        return refusal;
    }

    synchronized void refused(CheckResult result) {
        length = refusal == null ? FIRST : shorter(length.multipliedBy(2), LONGEST);
        refusal = result;
        since = ticker.nanos();
    }

    synchronized void over() {
        refusal = null;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
