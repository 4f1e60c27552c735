package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static dev.healthcheck.jdbc.MariaDbServer.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** Queries of MariaDB, and what they leave in its sessions: as little as nothing, with either driver. */
class MariaDbQueryFaultsTest extends MariaDbTest {

    @Test
    void a_query_fails_if_the_database_refuses_it_or_finds_something_else() throws Exception {
        HikariDataSource pool = pool(1);
        int before = idOf(pool);

        CheckResult refused =
                JdbcHealthCheck.of(pool).query("SELECT * FROM nowhere").check(ample());
        assertThat(refused.reason()).isEqualTo("query-failed");
        assertThat(refused.details()).containsEntry("sqlState", "42S02");
        assertThat(JdbcHealthCheck.of(pool)
                        .query("SELECT COUNT(*) FROM orders", "2")
                        .check(ample())
                        .reason())
                .isEqualTo("query-failed");
        assertThat(idOf(pool)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT id FROM orders FOR UPDATE", "SELECT GET_LOCK('orders', 10)", "SELECT SLEEP(10)"})
    void a_query_that_is_blocked_has_a_timeout_and_ends_on_the_server_too(String query) throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(1)).query(query).querySeconds(2);
        try (Connection holder = server.connect()) {
            holder.setAutoCommit(false);
            number(holder, "SELECT id FROM orders FOR UPDATE");
            number(holder, "SELECT GET_LOCK('orders', 1)");

            says("timeout", check);
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> server.number("SELECT COUNT(*) FROM information_schema.processlist"
                                    + " WHERE user = 'app' AND command = 'Query'")
                            == 0);
        }
        if (!query.contains("SLEEP")) {
            awaitUp(check);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_session_is_left_as_it_was_found(boolean autoCommit) throws Exception {
        HikariDataSource pool = pool(1, config -> {
            config.setAutoCommit(autoCommit);
            config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
            config.addDataSourceProperty("socketTimeout", "12000");
        });
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);

        for (JdbcHealthCheck each :
                List.of(check, check.requireWritable(), check.query("SELECT id FROM orders FOR UPDATE"))) {
            assertThat(each.check(ample()).status()).isEqualTo(Status.UP);
            assertThat(server.number("SELECT COUNT(*) FROM information_schema.innodb_trx"))
                    .isZero();
        }
        assertThat(check.query("SELECT * FROM nowhere").check(ample()).reason()).isEqualTo("query-failed");

        try (Connection connection = pool.getConnection()) {
            assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            assertThat(connection.getNetworkTimeout()).isEqualTo(12_000);
            assertThat(number(connection, "SELECT @@in_transaction")).isZero();
            assertThat(number(connection, "SELECT @@max_statement_time * 1000 + @@sql_select_limit % 1000"))
                    .isEqualTo(number(connection, "SELECT @@global.sql_select_limit % 1000"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "mysql"})
    void a_session_is_as_it_was_with_either_driver(String driver) throws Exception {
        for (boolean autoCommit : new boolean[] {true, false}) {
            try (Connection session = connect(driver)) {
                session.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                session.setAutoCommit(autoCommit);
                for (int millis : new int[] {0, 12_000, 12_345}) {
                    session.setNetworkTimeout(Runnable::run, millis);
                    UnchangedAfterEachOutcome.of(session);
                }
                if (autoCommit) {
                    UnchangedAfterEachOutcome.ofTimeout(session, "SELECT 1 FROM orders WHERE SLEEP(8) = 0");
                }
                assertThat(number(session, "SELECT @@in_transaction")).isZero();
            }
        }
    }

    private Connection connect(String driver) throws SQLException {
        String url = server.jdbcUrl().replace("jdbc:mariadb:", "jdbc:" + driver + ":");
        return DriverManager.getConnection(
                driver.equals("mysql") ? url.replace("=disable", "=DISABLED") : url, server.user(), server.password());
    }

    @Test
    void a_connection_is_given_back_once_whatever_any_call_throws() throws Exception {
        MariaDbDataSource plain = new MariaDbDataSource(server.jdbcUrl());
        plain.setUser(server.user());
        plain.setPassword(server.password());
        Observed source = new Observed(plain);
        JdbcHealthCheck check = JdbcHealthCheck.of(source.dataSource());

        EveryCall.failsWithoutALeak(
                source, check.query("SELECT 1", "1").requireWritable().patience(Duration.ofSeconds(2)));

        await().until(() -> connectionsOfApp() == 0);
    }

    @Test
    void hundreds_of_checks_with_faults_leak_nothing() throws Exception {
        leaksNothing(600);
    }

    @Test
    @Tag("slow")
    void thousands_of_checks_with_faults_leak_nothing() throws Exception {
        leaksNothing(3000);
    }

    private void leaksNothing(int checks) throws Exception {
        HikariDataSource pool = pool(3);
        HikariPoolMXBean gauges = pool.getHikariPoolMXBean();
        awaitFull(pool);
        JdbcHealthCheck sound = JdbcHealthCheck.of(pool).requireWritable();
        JdbcHealthCheck failing = JdbcHealthCheck.of(pool).query("SELECT * FROM nowhere");

        for (int i = 0; i < checks; i++) {
            JdbcHealthCheck check = i % 10 == 9 ? failing : sound;
            assertThat(check.check(ample()).status()).isEqualTo(check == failing ? Status.DOWN : Status.UP);
            assertThat(gauges.getActiveConnections()).isZero();
            if (i % (checks / 6) == checks / 12) {
                server.administer("KILL " + idOf(pool));
            }
            if (i == checks / 3) {
                server.stop();
                says("unreachable", sound);
                server.start();
                awaitUp(sound);
            }
            if (i == checks * 2 / 3) {
                server.freeze();
                says("unreachable", sound);
                server.thaw();
                await().until(() -> gauges.getActiveConnections() == 0);
                awaitUp(sound);
            }
        }

        await().untilAsserted(() -> {
            assertThat(gauges.getActiveConnections()).isZero();
            assertThat(gauges.getTotalConnections()).isEqualTo(3);
            assertThat(gauges.getThreadsAwaitingConnection()).isZero();
            assertThat(connectionsOfApp()).isEqualTo(3);
        });
        assertThat(server.number("SELECT COUNT(*) FROM information_schema.innodb_trx"))
                .isZero();
    }
}
