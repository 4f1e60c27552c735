package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import org.jspecify.annotations.Nullable;

/** What the runs of one check leave for the next, and for others that go on at the same time. Thread-safe. */
final class Memory {
    final Exhaustion exhaustion;
    final LoginPause logins;
    final Visits visits = new Visits();

    private volatile @Nullable CheckResult lastFailure;

    Memory(Ticker ticker) {
        exhaustion = new Exhaustion(ticker);
        logins = new LoginPause(ticker);
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
