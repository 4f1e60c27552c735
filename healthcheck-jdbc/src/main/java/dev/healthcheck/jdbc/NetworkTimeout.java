package dev.healthcheck.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The network timeout of a borrowed connection: never longer than the application has set it, and restored at the end.
 * Without a patience it is only read.
 */
final class NetworkTimeout {
    private static final int NONE = 0;
    private static final int UNKNOWN = -1;

    private final Connection connection;
    private final @Nullable Duration patience;
    private int before = UNKNOWN;
    private int now = UNKNOWN;

    NetworkTimeout(Connection connection, @Nullable Duration patience) {
        this.connection = connection;
        this.patience = patience;
    }

    /**
     * Reads what the application has set. This is the first call on the connection, at which a lazy source connects.
     *
     * @throws SQLException if there is no connection; a driver without network timeouts is no failure
     */
    void read() throws SQLException {
        try {
            before = connection.getNetworkTimeout();
            now = before;
        } catch (SQLFeatureNotSupportedException | AbstractMethodError e) {
            before = UNKNOWN;
        } catch (SQLException | RuntimeException e) {
            if (SqlErrors.isNoConnection(e)) {
                throw e;
            }
            before = UNKNOWN; // some drivers throw these for what they do not support
        }
    }

    /** Limits calls that a sound server answers at once. */
    void set() {
        if (patience != null) {
            set(patience);
        }
    }

    /** Limits a query with this query timeout, which should end it first, because the connection survives that. */
    void setFor(int querySeconds) {
        if (patience != null) {
            Duration atLeast = Duration.ofSeconds(querySeconds + 1L);
            set(patience.compareTo(atLeast) < 0 ? atLeast : patience);
        }
    }

    private void set(Duration limit) {
        int millis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, limit.toMillis()));
        change(before > NONE ? Math.min(before, millis) : millis);
    }

    void putBack() {
        change(before);
    }

    private void change(int millis) {
        if (before == UNKNOWN || now == millis) {
            return;
        }
        try {
            connection.setNetworkTimeout(Runnable::run, millis);
            now = millis;
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // a driver without network timeouts; if the connection is lost, the next call fails
        }
    }

    /** Returns the present limit for {@code isValid}, rounded up, because zero means no limit. */
    int seconds() {
        long millis = before > NONE ? before : Long.MAX_VALUE;
        if (patience != null) {
            millis = Math.min(millis, patience.toMillis());
        }
        return millis == Long.MAX_VALUE ? NONE : (int) Math.min(Integer.MAX_VALUE, (millis + 999) / 1000);
    }
}
