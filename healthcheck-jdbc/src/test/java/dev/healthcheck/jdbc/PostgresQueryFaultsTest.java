package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server is well and answers, but not what, or when, it should. */
class PostgresQueryFaultsTest extends PostgresTest {

    @BeforeEach
    void createTable() throws SQLException {
        sql("CREATE TABLE jobs (id int)", "INSERT INTO jobs VALUES (7)");
    }

    @AfterEach
    void dropTable() throws SQLException {
        sql("DROP TABLE IF EXISTS jobs");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_query_that_the_database_refuses_has_failed_and_costs_no_connection(boolean autoCommit) throws Exception {
        HikariDataSource pool = pool(1, config -> config.setAutoCommit(autoCommit));
        int backend = backendOf(pool);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool).query("SELECT id FROM jobs", "7");
        sql("ALTER TABLE jobs RENAME TO gone");
        try {
            for (int i = 0; i < 20; i++) {
                CheckResult result = check.check(ample());
                assertThat(result.status()).isEqualTo(Status.DOWN);
                assertThat(result.reason()).isEqualTo("query-failed");
                assertThat(result.details()).containsEntry("sqlState", "42P01").doesNotContainKey("discarded");
            }
        } finally {
            sql("ALTER TABLE gone RENAME TO jobs");
        }

        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
        assertThat(backendOf(pool)).isEqualTo(backend);
    }

    @Test
    void a_query_that_finds_something_else_has_failed_until_it_finds_what_it_should() throws Exception {
        HikariDataSource pool = pool(1);
        int backend = backendOf(pool);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool).query("SELECT count(*) < 2 FROM jobs", "t");
        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
        sql("INSERT INTO jobs VALUES (8)");

        CheckReport result = says("query-failed", "wrong answer", check);
        assertThat(result.message()).isEqualTo("the query should find \"t\", not \"f\"");

        sql("DELETE FROM jobs WHERE id = 8");
        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
        assertThat(backendOf(pool)).isEqualTo(backend);
    }

    @Test
    void any_success_of_a_query_is_up() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(1));

        for (String query : List.of("SELECT 1", "SELECT 1 WHERE false", "SELECT NULL", "SET search_path TO public")) {
            assertThat(check.query(query).check(ample()).status()).as(query).isEqualTo(Status.UP);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_query_that_waits_for_a_lock_has_timed_out_and_is_ended_by_the_server_with_its_connection_kept(
            boolean autoCommit) throws Exception {
        HikariDataSource pool = pool(1, config -> {
            config.setAutoCommit(autoCommit);
            config.addDataSourceProperty("ApplicationName", "blocked");
        });
        int backend = backendOf(pool);
        JdbcHealthCheck check =
                JdbcHealthCheck.of(pool).query("SELECT id FROM jobs", "7").querySeconds(2);
        try (Connection migration = server.connect();
                Statement statement = migration.createStatement()) {
            migration.setAutoCommit(false);
            statement.execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE");

            for (int i = 0; i < 3; i++) {
                CheckReport result = says("timeout", "blocked query", check);
                assertThat(result.status()).isEqualTo(Status.DOWN);
                assertThat(result.message()).contains("the server answered");
                assertThat(sessions("blocked", "wait_event_type = 'Lock'")).isLessThanOrEqualTo(1);
            }
            await().until(() -> sessions("blocked", "state = 'idle'") == 1);
            awaitGivenBack(pool);
            migration.rollback();
        }

        awaitUp(check);
        assertThat(backendOf(pool)).isEqualTo(backend);
    }

    @Test
    void a_query_that_is_too_slow_has_timed_out() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(2)).querySeconds(1);

        says("timeout", "slow query", check.query("SELECT pg_sleep(10)"));
        says("timeout", "long answer", check.query("SELECT generate_series(1, 1000000000) OFFSET 999999999"));
        awaitUp(check);
    }

    @Test
    void a_query_that_ends_late_gives_its_connection_back_sound() throws Exception {
        HikariDataSource pool = pool(1);
        int backend = backendOf(pool);

        says("timeout", "late query", JdbcHealthCheck.of(pool).query("SELECT pg_sleep(2)"));

        awaitGivenBack(pool);
        assertThat(backendOf(pool)).isEqualTo(backend);
    }

    @Test
    void a_limit_of_the_servers_own_is_kept_as_it_was() throws Exception {
        HikariDataSource pool = pool(1, config -> config.addDataSourceProperty("options", "-c statement_timeout=7s"));

        assertThat(JdbcHealthCheck.of(pool).query("SELECT 1").check(ample()).status())
                .isEqualTo(Status.UP);

        try (Connection connection = pool.getConnection()) {
            assertThat(number(connection, "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'"))
                    .isEqualTo(7000);
            assertThat(connection.getAutoCommit()).isTrue();
        }
        await().until(() -> pool.getHikariPoolMXBean().getIdleConnections() == 1);
    }
}
