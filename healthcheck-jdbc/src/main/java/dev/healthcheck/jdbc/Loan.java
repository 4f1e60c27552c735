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
 * A borrowed connection. It goes back as it was found; one that was not {@linkplain #putBack() put back} into that state
 * is never seen again.
 */
final class Loan implements AutoCloseable {
    /** The second name is that of MySQL and of new MariaDB, the third that of any MariaDB. */
    private static final String READ_ONLY_FOR_ALL = "SHOW VARIABLES WHERE Variable_name IN"
            + " ('innodb_read_only', 'transaction_read_only', 'tx_read_only') AND Value = 'ON'";

    private static final int OPTION_PREVENTS_STATEMENT = 1290;

    private final Connection connection;
    private final ConnectionSource source;
    private final Deadline deadline;
    /** What it was before; null if it stays as it is. */
    private final @Nullable Integer networkTimeout;

    /** Whether a question has shown that there is nothing left to put back. */
    private boolean lost;

    private boolean asFound;
    private boolean autoCommitOff;

    Loan(Connection connection, ConnectionSource source, Deadline deadline) {
        this.connection = connection;
        this.source = source;
        this.deadline = deadline;
        this.networkTimeout = looserNetworkTimeout();
    }

    boolean isValid() throws SQLException {
        if (isMySql()) {
            return answersQuery();
        }
        limitNetwork();
        return connection.isValid(wholeSeconds());
    }

    /** For the drivers let the whole seconds of {@code isValid} replace the network timeout; MariaDB's even zero of them. */
    private boolean answersQuery() {
        try {
            execute("SELECT 1");
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /**
     * Has PostgreSQL end by itself what is asked next, a little before we would: it does not notice that we have gone, and
     * of queries that wait for a lock there would be one more with each run.
     */
    void limitServer() throws SQLException {
        if (!isPostgres()) {
            return;
        }
        if (connection.getAutoCommit()) {
            connection.setAutoCommit(false);
            autoCommitOff = true;
        }
        execute("SET LOCAL statement_timeout = " + Math.max(1, millis() * 9L / 10));
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
        return connection.isReadOnly() || (isMySql() ? isMySqlReadOnly() : isPostgres() && isPostgresReadOnly());
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
        return connection.getMetaData().getDatabaseProductName();
    }

    /** Ends the transaction that the questions began, and puts back what was changed. */
    void putBack() throws SQLException {
        if (lost) {
            return;
        }
        if (!connection.getAutoCommit()) {
            limitNetwork();
            connection.rollback();
        }
        if (autoCommitOff) {
            connection.setAutoCommit(true);
        }
        if (networkTimeout != null) {
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
        }
        asFound = true;
    }

    @Override
    public void close() throws SQLException {
        if (asFound) {
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

    private @Nullable String ask(String query, Reading reading) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            limitNetwork();
            limit(statement);
            if (!statement.execute(query)) {
                return null;
            }
            try (ResultSet rows = statement.getResultSet()) {
                return reading.read(rows);
            }
        } catch (SQLException e) {
            lost = Faults.isConnection(e) || deadline.remaining().isZero() || connection.isClosed();
            throw e;
        }
    }

    /**
     * Where the network timeout holds, these only spare the server, so a driver may do without. A second more, for some
     * drivers end a query by a connection of their own.
     */
    private void limit(Statement statement) {
        try {
            statement.setQueryTimeout(wholeSeconds() + (networkTimeout == null ? 0 : 1));
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
        @Nullable
        String read(ResultSet rows) throws SQLException;
    }
}
