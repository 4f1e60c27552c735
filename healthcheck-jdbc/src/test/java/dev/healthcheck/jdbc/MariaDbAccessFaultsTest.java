package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MariaDB that refuses connections or writes: what differs from PostgreSQL in states and numbers. */
class MariaDbAccessFaultsTest extends MariaDbTest {

    @Test
    void a_wrong_password_is_auth_and_so_is_a_database_that_the_user_may_not_use() throws Exception {
        JdbcHealthCheck wrongPassword = JdbcHealthCheck.of(pool(1, config -> config.setPassword("wrong")));
        awaitReason("auth", wrongPassword);
        CheckReport password = says("auth", wrongPassword);
        assertThat(password.details()).containsEntry("sqlState", "28000");

        JdbcHealthCheck wrongDatabase = JdbcHealthCheck.of(pool(1, database("mysql")));
        awaitReason("auth", wrongDatabase);
        CheckReport database = says("auth", wrongDatabase);
        assertThat(database.details()).containsEntry("sqlState", "42000");
    }

    @Test
    void a_dropped_database_is_no_database_and_comes_back() throws Exception {
        server.administer("CREATE DATABASE IF NOT EXISTS passing", "GRANT ALL ON passing.* TO app");
        HikariDataSource pool = pool(1, database("passing"));
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        awaitUp(check);
        server.administer("DROP DATABASE passing");
        pool.getHikariPoolMXBean().softEvictConnections(); // or those that are connected would not notice

        awaitReason("no-database", check);
        assertThat(says("no-database", check).details()).containsEntry("sqlState", "42000");

        server.administer("CREATE DATABASE passing");
        awaitUp(check);
    }

    @Test
    void a_server_that_is_full_has_too_many_connections() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(1, config -> config.setMinimumIdle(0)));
        server.administer("SET GLOBAL max_connections = 10"); // the least there is; one more is for administrators
        List<Connection> all = connectionsUntilRefused();
        awaitReason("too-many-connections", check);
        closeAll(all);
        awaitUp(check);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET GLOBAL max_user_connections = 2",
                "GRANT USAGE ON *.* TO app WITH MAX_USER_CONNECTIONS 2",
            })
    void a_user_who_may_have_no_more_has_too_many_connections(String limit) throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(1, config -> config.setMinimumIdle(0)));
        server.administer(limit);
        try {
            List<Connection> all = connectionsUntilRefused();
            assertThat(all).hasSize(2);
            awaitReason("too-many-connections", check);
            closeAll(all);
            awaitUp(check);
        } finally {
            server.administer(
                    "SET GLOBAL max_user_connections = 30", "GRANT USAGE ON *.* TO app WITH MAX_USER_CONNECTIONS 0");
        }
    }

    @Test
    void a_server_that_is_read_only_takes_no_writes() throws Exception {
        HikariDataSource pool = pool(1);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool).requireWritable();
        server.administer("SET GLOBAL read_only = 1");

        CheckResult result = check.check(ample());
        assertThat(result.status()).isEqualTo(Status.DOWN);
        assertThat(result.reason()).isEqualTo("read-only");
        assertThat(JdbcHealthCheck.of(pool).check(ample()).status()).isEqualTo(Status.UP);

        server.administer("SET GLOBAL read_only = 0");
        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
    }

    @Test
    void who_may_write_to_a_read_only_server_is_told_so() throws Exception {
        server.administer(
                "CREATE OR REPLACE USER writer IDENTIFIED BY 'w'",
                "GRANT ALL ON app.* TO writer",
                "GRANT READ_ONLY ADMIN ON *.* TO writer",
                "SET GLOBAL read_only = 1");
        HikariDataSource pool = pool(1, config -> {
            config.setUsername("writer");
            config.setPassword("w");
        });

        assertThat(JdbcHealthCheck.of(pool).requireWritable().check(ample()).status())
                .isEqualTo(Status.UP);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE orders SET id = 1")).isEqualTo(1);
        }
    }

    @Test
    void transactions_that_are_read_only_by_default_take_no_writes() throws Exception {
        server.administer("SET GLOBAL tx_read_only = 1");
        assertThat(JdbcHealthCheck.of(pool(1)).requireWritable().check(ample()).reason())
                .isEqualTo("read-only");
        server.administer("SET GLOBAL tx_read_only = 0");

        HikariDataSource byDriver = pool(1, config -> config.setReadOnly(true));
        assertThat(JdbcHealthCheck.of(byDriver).requireWritable().check(ample()).reason())
                .isEqualTo("read-only");
        CheckResult write =
                JdbcHealthCheck.of(byDriver).query("DELETE FROM orders").check(ample());
        assertThat(write.reason()).isEqualTo("query-failed");
        assertThat(write.details()).containsEntry("sqlState", "25006");
    }

    private Consumer<HikariConfig> database(String name) {
        return config -> config.setJdbcUrl(server.jdbcUrl().replace("/app?", "/" + name + "?"));
    }

    private List<Connection> connectionsUntilRefused() {
        List<Connection> all = new ArrayList<>();
        try {
            while (all.size() < 100) {
                all.add(server.connect());
            }
        } catch (SQLException e) {
            assertThat(e.getErrorCode()).isIn(1040, 1203, 1226);
        }
        return all;
    }

    private static void closeAll(List<Connection> connections) throws SQLException {
        for (Connection each : connections) {
            each.close();
        }
    }
}
