package dev.healthcheck.jdbc;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * At most one connection, borrowed from a source. {@link #close} gives it back exactly once, whatever was thrown before.
 * A connection that is not dead goes back with the settings that it came with.
 */
final class BorrowedConnection implements Statements, AutoCloseable {
    private static final String SMALLEST_QUERY = "SELECT 1";

    private final ConnectionSource source;
    private final @Nullable Duration patience;
    private final int querySeconds;

    private @Nullable Connection connection;
    private @Nullable NetworkTimeout network;
    private boolean usable;
    private boolean evicted;

    BorrowedConnection(ConnectionSource source, @Nullable Duration patience, int querySeconds) {
        this.source = source;
        this.patience = patience;
        this.querySeconds = querySeconds;
    }

    /**
     * Borrows the connection and makes the first call on it, because a lazy source connects only then.
     *
     * @throws SQLException if there is no connection; the source may still have {@linkplain #isHeld() lent} a dead one
     */
    void borrow(Duration longest) throws SQLException {
        connection = source.borrow(longest); // assigned first, so that no exception can lose it
        network = new NetworkTimeout(connection, patience);
        network.read();
        usable = true;
    }

    boolean isHeld() {
        return connection != null;
    }

    /** Returns whether the connection is alive: as its driver says, or as the answer to a statement shows. */
    boolean isValid() {
        network().set();
        try {
            return connection().isValid(network().seconds());
        } catch (SQLFeatureNotSupportedException | UnsupportedOperationException | AbstractMethodError e) {
            return answers();
        } catch (SQLException e) {
            return false;
        }
    }

    /** Stands in for {@code isValid} in a driver without it. A server that refuses the statement has answered, too. */
    private boolean answers() {
        try {
            execute(SMALLEST_QUERY);
            return true;
        } catch (SQLException e) {
            return usable && !SqlErrors.isTimeout(e);
        }
    }

    /**
     * Takes the dead connection out of the pool, or shows the pool an exception of it. Most pools decide by exceptions
     * which connections to throw away, and some drivers throw none from {@code isValid}.
     */
    void discard() {
        usable = false;
        evicted = source.evict(connection());
        if (evicted) {
            return;
        }
        try (Statement statement = connection().createStatement()) {
            statement.execute(SMALLEST_QUERY);
        } catch (SQLException | RuntimeException e) {
            // the pool has seen it
        }
    }

    @Override
    public void execute(String sql) throws SQLException {
        ask(sql, row -> row.next() ? "" : null);
    }

    @Override
    public @Nullable String read(String sql) throws SQLException {
        return ask(sql, row -> row.next() ? row.getString(1) : null);
    }

    /** Returns whether the connection takes no writes, by its driver or by the server. */
    boolean isReadOnly() throws SQLException {
        return connection().isReadOnly() || dialect().isReadOnly(this);
    }

    private Dialect dialect() throws SQLException {
        return Dialects.of(connection().getMetaData().getDatabaseProductName());
    }

    /** Returns product and version, for people; null if the driver does not say. */
    @Nullable
    String database() {
        try {
            DatabaseMetaData data = connection().getMetaData();
            return data.getDatabaseProductName() + " " + data.getDatabaseProductVersion();
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            return null;
        }
    }

    /** Gives the connection back, if there is one. */
    @Override
    public void close() throws SQLException {
        Connection borrowed = connection;
        if (borrowed == null) {
            return;
        }
        try {
            if (usable) {
                putBack();
            }
        } finally {
            giveBack(borrowed);
        }
    }

    private void putBack() throws SQLException {
        try {
            network().set();
            if (!connection().getAutoCommit()) {
                connection().rollback(); // ends the transaction that the statements of this run began
            }
        } finally {
            network().putBack();
        }
    }

    private void giveBack(Connection borrowed) throws SQLException {
        try {
            borrowed.close();
        } catch (SQLException | RuntimeException e) {
            if (!evicted) { // HikariCP fails to reset the settings of an evicted connection
                throw e;
            }
        }
    }

    private @Nullable String ask(String sql, Reading reading) throws SQLException {
        network().setFor(querySeconds);
        try (Statement statement = connection().createStatement();
                QueryTimeout timeout = new QueryTimeout(statement, querySeconds)) {
            timeout.set();
            readOneRow(statement);
            if (!statement.execute(sql)) {
                return null;
            }
            try (ResultSet rows = statement.getResultSet()) {
                return reading.read(rows);
            }
        } catch (SQLException e) {
            usable = !isLost(e);
            throw e;
        }
    }

    private boolean isLost(SQLException failure) {
        try {
            return SqlErrors.isConnection(failure) || connection().isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    private static void readOneRow(Statement statement) {
        try {
            statement.setMaxRows(1);
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // the limit only saves work of the server
        }
    }

    private Connection connection() {
        return requireNonNull(connection);
    }

    private NetworkTimeout network() {
        return requireNonNull(network);
    }

    private interface Reading {
        @Nullable
        String read(ResultSet rows) throws SQLException;
    }
}
