package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The back-off after a refused login, so that the check does not lock an account that a few wrong passwords lock: 10 s,
 * then twice as long for each further refusal, at most 60 s. Thread-safe.
 */
final class LoginBackOff {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Ticker ticker;
    // guarded by this; the refusal is null once the source has lent a connection
    private @Nullable CheckResult refusal;
    private Duration length = FIRST;
    private long since;

    LoginBackOff(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Returns the last refusal during the back-off, else null. */
    synchronized @Nullable CheckResult current() {
        return ticker.nanos() - since < length.toNanos() ? refusal : null;
    }

    /** Returns the last refusal if the source has lent no connection since, else null. */
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
