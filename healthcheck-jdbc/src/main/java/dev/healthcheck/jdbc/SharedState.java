package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import org.jspecify.annotations.Nullable;

/** The state that all runs of one check share, one after the other or at the same time. Thread-safe. */
final class SharedState {
    final ExhaustionTimer exhaustion;
    final LoginBackOff logins;
    final OpenRuns openRuns = new OpenRuns();

    private volatile @Nullable CheckResult lastFailure;

    SharedState(Ticker ticker) {
        exhaustion = new ExhaustionTimer(ticker);
        logins = new LoginBackOff(ticker);
    }

    /** Returns the result of the last borrow if it has failed, else null. An exhausted pool is not a failure. */
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

    /** The source has lent a connection. */
    void borrowed() {
        lastFailure = null;
        exhaustion.over();
        logins.over();
    }
}
