package dev.healthcheck.jdbc;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A server for many pools at once, each with a user of its own. So the server itself tells how many connections a pool has,
 * what they wait for, and how often it was refused.
 */
interface FaultyServer extends AutoCloseable {
    int MOST_CONNECTIONS = 500;

    /** A name that begins so is a user of this suite. */
    String USER = "pool";

    String PASSWORD = "pool-s3cret";

    /** More than all trials have users. A trial has its own, also when it is repeated. */
    int ROWS = 10_000;

    /** Has a row for each number below {@link #ROWS}. */
    String TABLE = "guarded";

    List<Route> routes();

    int port();

    /** As one who may do everything. */
    Connection administrator() throws SQLException;

    /** They may read and lock the rows of {@link #TABLE}. */
    void addUsers(List<String> names) throws SQLException;

    void freeze() throws IOException;

    void thaw() throws IOException;

    void stop() throws IOException;

    void start() throws IOException;

    /** Ends every connection of every user of this suite. */
    void terminate() throws SQLException;

    /** Returns the number of open connections by user. Users without any are left out. */
    Map<String, Integer> connections() throws SQLException;

    /** Returns the number of statements on {@link #TABLE} that are running now, by user. */
    Map<String, Integer> running() throws SQLException;

    /** Counts them in the server's log. */
    long refusedLogins(String user) throws IOException;

    @Override
    void close() throws IOException;

    default void administer(List<String> statements) throws SQLException {
        try (Connection connection = administrator();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** Counts rows by their first column. */
    default Map<String, Integer> count(String query) throws SQLException {
        Map<String, Integer> counts = new HashMap<>();
        try (Connection connection = administrator();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                counts.merge(rows.getString(1), 1, Integer::sum);
            }
        }
        return counts;
    }

    /** Locks all rows of {@link #TABLE} until the connection is closed. */
    default Connection lockRows() throws SQLException {
        Connection holder = administrator();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("SELECT id FROM " + qualifiedTable() + " FOR UPDATE");
        }
        return holder;
    }

    default String qualifiedTable() {
        return TABLE;
    }

    /** Statements that make the table and fill it. */
    default List<String> table() {
        List<String> statements = new ArrayList<>();
        statements.add("CREATE TABLE " + qualifiedTable() + " (id INT PRIMARY KEY)");
        StringBuilder rows =
                new StringBuilder("INSERT INTO ").append(qualifiedTable()).append(" VALUES (0)");
        for (int i = 1; i < ROWS; i++) {
            rows.append(",(").append(i).append(')');
        }
        statements.add(rows.toString());
        return statements;
    }
}
