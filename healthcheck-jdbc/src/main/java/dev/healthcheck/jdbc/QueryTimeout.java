package dev.healthcheck.jdbc;

import java.sql.SQLException;
import java.sql.Statement;

/**
 * The query timeout of one statement. The server or the driver ends a query that takes longer, and the connection
 * survives. {@link #close} restores the former timeout, because H2 keeps it for the whole connection.
 */
final class QueryTimeout implements AutoCloseable {
    private static final int UNCHANGED = -1;

    private final Statement statement;
    private final int seconds;
    private int before = UNCHANGED;

    QueryTimeout(Statement statement, int seconds) {
        this.statement = statement;
        this.seconds = seconds;
    }

    /** Sets the timeout, unless a shorter one is set. Has no effect on a driver without query timeouts. */
    void set() {
        try {
            int present = statement.getQueryTimeout();
            if (present == 0 || present > seconds) {
                before = present;
                statement.setQueryTimeout(seconds);
            }
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // if the connection is lost, the query fails
        }
    }

    @Override
    public void close() {
        if (before == UNCHANGED) {
            return;
        }
        try {
            statement.setQueryTimeout(before);
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // either the driver has no query timeouts, or the connection is lost
        }
    }
}
