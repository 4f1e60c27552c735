package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.MariaDbServer.number;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckReport;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real MariaDB, and pools in front of it. Each class has one family of faults. Each test starts on a healthy server. */
@ExtendWith(OneMariaDb.class)
abstract class MariaDbTest extends HikariTest {
    final MariaDbServer server = OneMariaDb.server();

    @BeforeEach
    final void createTable() throws SQLException {
        server.administer(
                "CREATE TABLE IF NOT EXISTS app.orders (id INT PRIMARY KEY) ENGINE=InnoDB",
                "INSERT IGNORE INTO app.orders VALUES (1)");
    }

    @AfterEach
    final void mend() throws Exception {
        server.thaw();
        closeClients();
        server.start();
        server.administer("SET GLOBAL read_only = 0", "SET GLOBAL tx_read_only = 0", "SET GLOBAL max_connections = 30");
    }

    @Override
    final void configure(HikariConfig config) {
        config.setJdbcUrl(server.jdbcUrl());
        config.setUsername(server.user());
        config.setPassword(server.password());
    }

    final CheckReport says(String reason, JdbcHealthCheck check) {
        return says(reason, "a fault", check);
    }

    static int idOf(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return number(connection, "SELECT CONNECTION_ID()");
        }
    }

    final int connectionsOfApp() throws SQLException {
        return server.number("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'app'");
    }
}
