package dev.healthcheck.jdbc;

import java.sql.SQLException;
import java.sql.Statement;

/**
 * A limit on one statement that the server or the driver keeps, so that a query which takes too long ends and its
 * connection survives. When it is closed, the statement has the limit that it had before: H2 keeps it for the whole
 * connection.
 */
final class QueryTimeout implements AutoCloseable {
    /** Some pools replace the connection of a query that was ended, so this is long enough to be rare. */
    static final int SECONDS = 5;

    private static final int UNCHANGED = -1;

    private final Statement statement;
    private int before = UNCHANGED;

    QueryTimeout(Statement statement) {
        this.statement = statement;
    }

    /** Sets the limit, unless there is a stricter one. A driver may do without. */
    void set() {
        try {
            int present = statement.getQueryTimeout();
            if (present == 0 || present > SECONDS) {
                before = present;
                statement.setQueryTimeout(SECONDS);
            }
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // if the connection is lost, the query will say so
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
            // either it was never set, or the connection is lost and its settings with it
        }
    }
}
