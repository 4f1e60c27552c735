package dev.healthcheck.jdbc;

import dev.healthcheck.Deadline;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A borrowed connection. It goes back as it was found; one that was not {@linkplain #sound() found sound} is never seen
 * again.
 */
final class Loan implements AutoCloseable {
    private final Connection connection;
    private final ConnectionSource source;
    private final Deadline deadline;
    /** What it was before; null if it stays as it is. */
    private final @Nullable Integer networkTimeout;

    private boolean sound;

    Loan(Connection connection, ConnectionSource source, Deadline deadline) {
        this.connection = connection;
        this.source = source;
        this.deadline = deadline;
        this.networkTimeout = looserNetworkTimeout();
    }

    boolean isValid() throws SQLException {
        limitNetwork();
        return connection.isValid(wholeSeconds());
    }

    void execute(String query) throws SQLException {
        ask(query, ResultSet::next);
    }

    /**
     * PostgreSQL is asked, for its driver knows only what the application told it. Other drivers are believed.
     */
    boolean isReadOnly() throws SQLException {
        return connection.isReadOnly()
                || ("PostgreSQL".equals(connection.getMetaData().getDatabaseProductName())
                        && ask("SHOW transaction_read_only", row -> row.next() && "on".equals(row.getString(1))));
    }

    /** Ends the transaction that the questions began, and puts back what was changed. */
    void sound() throws SQLException {
        if (!connection.getAutoCommit()) {
            limitNetwork();
            connection.rollback();
        }
        if (networkTimeout != null) {
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
        }
        sound = true;
    }

    @Override
    public void close() throws SQLException {
        if (sound) {
            connection.close();
            return;
        }
        source.discard(connection); // before it is closed, or the next borrower may get it
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            // it is gone already: HikariCP stumbles over what it would have to put back in an evicted one
        }
    }

    private boolean ask(String query, Reading reading) throws SQLException {
        limitNetwork();
        try (Statement statement = connection.createStatement()) {
            limit(statement);
            if (!statement.execute(query)) {
                return false;
            }
            try (ResultSet rows = statement.getResultSet()) {
                return reading.read(rows);
            }
        }
    }

    /** Where the network timeout holds, these only spare the server; so a driver may do without. */
    private void limit(Statement statement) {
        try {
            statement.setQueryTimeout(wholeSeconds());
            statement.setMaxRows(1);
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // if the connection is lost, the query will say so
        }
    }

    /** Null if it is stricter than ours, or if the driver has none. */
    private @Nullable Integer looserNetworkTimeout() {
        try {
            int before = connection.getNetworkTimeout();
            if (before > 0 && before <= millis()) {
                return null;
            }
            connection.setNetworkTimeout(Runnable::run, millis());
            return before;
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            return null;
        }
    }

    /** The only limit that holds when the server is frozen. It is one for each answer, so each question sets it anew. */
    private void limitNetwork() throws SQLException {
        if (networkTimeout != null) {
            connection.setNetworkTimeout(Runnable::run, millis());
        }
    }

    /** Rounds up, so that a timeout never comes before the deadline; zero would mean none. */
    private int millis() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, ceil(deadline.remaining(), TimeUnit.MILLISECONDS)));
    }

    /** Rounds up, because to JDBC zero seconds means no limit at all. */
    private int wholeSeconds() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, ceil(deadline.remaining(), TimeUnit.SECONDS)));
    }

    private static long ceil(Duration duration, TimeUnit unit) {
        return unit.convert(duration.plusNanos(unit.toNanos(1) - 1));
    }

    private interface Reading {
        boolean read(ResultSet rows) throws SQLException;
    }
}
