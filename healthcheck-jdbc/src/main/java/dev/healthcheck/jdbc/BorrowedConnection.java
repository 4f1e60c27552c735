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
 * At most one borrowed connection. Whatever happens, it is given back once, by {@link #close}, as it was found; unless
 * it is dead, when there is nothing left to put back.
 */
final class BorrowedConnection implements AutoCloseable {
    /** The second name is that of MySQL and of new MariaDB, the third that of any MariaDB. */
    private static final String READ_ONLY_FOR_ALL = "SHOW VARIABLES WHERE Variable_name IN"
            + " ('innodb_read_only', 'transaction_read_only', 'tx_read_only') AND Value = 'ON'";

    private static final int OPTION_PREVENTS_STATEMENT = 1290;
    private static final String SMALLEST_QUERY = "SELECT 1";

    private final ConnectionSource source;
    private final @Nullable Duration patience;

    private @Nullable Connection connection;
    private @Nullable NetworkTimeout network;
    private boolean usable;
    private boolean evicted;

    BorrowedConnection(ConnectionSource source, @Nullable Duration patience) {
        this.source = source;
        this.patience = patience;
    }

    /**
     * Borrows the connection, and makes the first call on it: only then has a lazy one been borrowed.
     *
     * @throws SQLException if there is no connection; a dead one may have been {@linkplain #isHeld() lent} all the same
     */
    void borrow(Duration longest) throws SQLException {
        connection = source.borrow(longest); // at once, so that nothing that is thrown can lose it
        network = new NetworkTimeout(connection, patience);
        network.read();
        usable = true;
    }

    boolean isHeld() {
        return connection != null;
    }

    /** Whether the connection lives, by the word of its driver or by the answer to a statement. */
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

    /** For a driver that has no {@code isValid}. That the statement is refused is an answer, too. */
    private boolean answers() {
        try {
            execute(SMALLEST_QUERY);
            return true;
        } catch (SQLException e) {
            return usable && !SqlErrors.isTimeout(e);
        }
    }

    /**
     * The connection is dead: takes it out of the pool, or lets the pool see an exception of it. Most pools look at these
     * to know which connections to throw away; some drivers throw none from {@code isValid}.
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
            // that is what it was for
        }
    }

    void execute(String query) throws SQLException {
        ask(query, row -> row.next() ? "" : null);
    }

    /** The first column of the first row; null if there is no row, or if that is what it holds. */
    @Nullable
    String read(String query) throws SQLException {
        return ask(query, row -> row.next() ? row.getString(1) : null);
    }

    /** Some servers are asked, for their drivers know only what the application told them. Other drivers are believed. */
    boolean isReadOnly() throws SQLException {
        return connection().isReadOnly() || (isMySql() ? isMySqlReadOnly() : isPostgres() && isPostgresReadOnly());
    }

    private boolean isPostgresReadOnly() throws SQLException {
        return "on".equals(read("SHOW transaction_read_only"));
    }

    /** Who may write although the server is read-only may also begin a transaction that says so. */
    private boolean isMySqlReadOnly() throws SQLException {
        if (read(READ_ONLY_FOR_ALL) != null) {
            return true;
        }
        try {
            execute("START TRANSACTION READ WRITE");
        } catch (SQLException e) {
            if (e.getErrorCode() == OPTION_PREVENTS_STATEMENT) {
                return true;
            }
            throw e;
        }
        execute("ROLLBACK");
        return false;
    }

    private boolean isPostgres() throws SQLException {
        return "PostgreSQL".equals(product());
    }

    private boolean isMySql() throws SQLException {
        String product = product();
        return "MariaDB".equals(product) || "MySQL".equals(product);
    }

    private @Nullable String product() throws SQLException {
        return connection().getMetaData().getDatabaseProductName();
    }

    /** Product and version, for people; null if the driver does not say. */
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
                connection().rollback(); // ends the transaction that the questions began
            }
        } finally {
            network().putBack();
        }
    }

    private void giveBack(Connection borrowed) throws SQLException {
        try {
            borrowed.close();
        } catch (SQLException | RuntimeException e) {
            if (!evicted) { // HikariCP stumbles over what it would have to put back in an evicted one
                throw e;
            }
        }
    }

    private @Nullable String ask(String query, Reading reading) throws SQLException {
        network().setFor(QueryTimeout.SECONDS);
        try (Statement statement = connection().createStatement();
                QueryTimeout timeout = new QueryTimeout(statement)) {
            timeout.set();
            readOneRow(statement);
            if (!statement.execute(query)) {
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
            // it only spares the server
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
