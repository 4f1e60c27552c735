package dev.healthcheck.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL, and pools in front of it. Each class has one family of faults. Each test starts on a healthy server. */
@ExtendWith(OnePostgres.class)
abstract class PostgresTest extends HikariTest {
    final PostgresServer server = OnePostgres.server();

    @AfterEach
    final void mend() throws IOException {
        server.thaw();
        closeClients();
        server.start();
    }

    @Override
    final void configure(HikariConfig config) {
        config.setJdbcUrl(server.jdbcUrl());
        config.setUsername(server.user());
        config.setPassword(server.password());
    }

    final PGSimpleDataSource plain(String applicationName) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.jdbcUrl());
        source.setUser(server.user());
        source.setPassword(server.password());
        source.setApplicationName(applicationName);
        return source;
    }

    /** As the administrator, on a connection of their own. */
    final void sql(String... statements) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    final int sessions(String applicationName, String which) throws SQLException {
        try (Connection connection = server.connect()) {
            return number(
                    connection,
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + applicationName + "' AND "
                            + which);
        }
    }

    final void killSessions(String applicationName) throws SQLException {
        sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = '" + applicationName
                + "'");
    }

    static int backendOf(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return number(connection, "SELECT pg_backend_pid()");
        }
    }

    static int number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
