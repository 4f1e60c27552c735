package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import org.jspecify.annotations.Nullable;

/** What the runs of one check leave for the next, and for others that go on at the same time. Thread-safe. */
final class SharedState {
    final ExhaustionTimer exhaustion;
    final LoginBackOff logins;
    final OpenRuns openRuns = new OpenRuns();

    private volatile @Nullable CheckResult lastFailure;

    SharedState(Ticker ticker) {
        exhaustion = new ExhaustionTimer(ticker);
        logins = new LoginBackOff(ticker);
    }

    /** Returns why the last borrow has failed; null if one has succeeded since. An exhausted pool is no failure. */
    @Nullable
    CheckResult lastFailure() {
        return lastFailure;
    }

    void failed(CheckResult result) {
        lastFailure = result;
        if ("auth".equals(result.reason())) {
            logins.refused(result);
        }
    }

    /** A connection was lent. */
    void borrowed() {
        lastFailure = null;
        exhaustion.over();
        logins.over();
    }
}
