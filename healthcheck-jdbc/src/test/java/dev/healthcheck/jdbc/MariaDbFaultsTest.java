package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.MariaDbServer.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.TcpProxy;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** MariaDB behind HikariCP: what differs from PostgreSQL in states, numbers, types and limits. */
@Timeout(120)
class MariaDbFaultsTest {
    private static MariaDbServer server;

    private final Asked asked = new Asked();
    private final List<HikariDataSource> pools = new ArrayList<>();

    @BeforeAll
    static void startServer() throws Exception {
        server = new MariaDbServer();
        server.administer(
                "CREATE TABLE app.orders (id INT PRIMARY KEY) ENGINE=InnoDB", "INSERT INTO app.orders VALUES (1)");
    }

    @AfterAll
    static void closeServer() throws IOException {
        server.close();
    }

    @AfterEach
    void mend() throws Exception {
        server.thaw();
        asked.close();
        pools.forEach(HikariDataSource::close);
        server.start();
        server.administer("SET GLOBAL read_only = 0", "SET GLOBAL tx_read_only = 0", "SET GLOBAL max_connections = 30");
    }

    @Test
    void a_healthy_pool_is_up() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(2));

        assertThat(check.check().status()).isEqualTo(Status.UP);
        assertThat(check.query("SELECT COUNT(*) FROM orders", "1").check().status())
                .isEqualTo(Status.UP);
        assertThat(check.query("SELECT TRUE", "1").requireWritable().check().status())
                .isEqualTo(Status.UP);
    }

    @Test
    void a_stopped_server_is_unreachable_and_comes_back() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(idleFor600Millis(pool(3)));
        server.stop();

        for (int i = 0; i < 3; i++) {
            CheckReport result = inTime(check);
            assertThat(result.reason()).isEqualTo("unreachable");
            assertThat(result.details()).containsEntry("sqlState", "08000");
        }

        server.start();
        awaitUp(check);
    }

    @Test
    void a_frozen_server_is_unreachable_and_comes_back() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(idleFor600Millis(pool(3)));
        server.freeze();

        for (int i = 0; i < 4; i++) {
            assertThat(inTime(check).reason()).isEqualTo("unreachable");
        }

        server.thaw();
        awaitUp(check);
    }

    @Test
    void a_server_that_freezes_under_a_busy_pool_is_unreachable_before_the_driver_would_say_so() throws Exception {
        for (String query : new String[] {null, "SELECT 1"}) {
            JdbcHealthCheck check = JdbcHealthCheck.of(pool(1));
            check = query == null ? check : check.query(query);
            awaitUp(check);
            server.freeze();

            assertThat(inTime(check).reason()).isEqualTo("unreachable");

            server.thaw();
            awaitUp(check);
        }
    }

    @Test
    void a_network_that_swallows_everything_is_unreachable() throws Exception {
        try (TcpProxy network = TcpProxy.to(server.port())) {
            JdbcHealthCheck check = JdbcHealthCheck.of(pool(1, through(network)));
            awaitUp(check);
            network.freeze();

            for (int i = 0; i < 3; i++) {
                assertThat(inTime(check).reason()).isEqualTo("unreachable");
            }

            network.heal();
            awaitUp(check);
        }
    }

    @Test
    void a_network_that_resets_or_refuses_is_unreachable() throws Exception {
        try (TcpProxy network = TcpProxy.to(server.port())) {
            JdbcHealthCheck check = JdbcHealthCheck.of(pool(2, through(network)));
            for (int i = 0; i < 2; i++) {
                awaitUp(check);
                if (i == 0) {
                    network.reset();
                } else {
                    network.refuse();
                }

                assertThat(inTime(check).reason()).isEqualTo("unreachable");
                assertThat(inTime(check).reason()).isEqualTo("unreachable");

                network.heal();
            }
            awaitUp(check);
        }
    }

    @Test
    void a_wrong_password_is_auth_and_so_is_a_database_that_the_user_may_not_use() throws Exception {
        JdbcHealthCheck wrongPassword = JdbcHealthCheck.of(pool(1, config -> config.setPassword("wrong")));
        asked.awaitReason("auth", wrongPassword);
        CheckReport password = inTime(wrongPassword);
        assertThat(password.details()).containsEntry("sqlState", "28000");

        JdbcHealthCheck wrongDatabase = JdbcHealthCheck.of(pool(1, database("mysql")));
        asked.awaitReason("auth", wrongDatabase);
        CheckReport database = inTime(wrongDatabase);
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

        asked.awaitReason("no-database", check);
        CheckReport result = inTime(check);
        assertThat(result.reason()).isEqualTo("no-database");
        assertThat(result.details()).containsEntry("sqlState", "42000");

        server.administer("CREATE DATABASE passing");
        awaitUp(check);
    }

    @Test
    void a_server_that_is_full_has_too_many_connections() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(1, config -> config.setMinimumIdle(0)));
        server.administer("SET GLOBAL max_connections = 10"); // the least there is; one more is for administrators
        List<Connection> all = connectionsUntilRefused();
        asked.awaitReason("too-many-connections", check);
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
            asked.awaitReason("too-many-connections", check);
            closeAll(all);
            awaitUp(check);
        } finally {
            server.administer(
                    "SET GLOBAL max_user_connections = 30", "GRANT USAGE ON *.* TO app WITH MAX_USER_CONNECTIONS 0");
        }
    }

    @RepeatedTest(5)
    void a_connection_killed_while_idle_is_never_handed_to_the_application() throws Exception {
        HikariDataSource pool = pool(1);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        awaitUp(check);
        int killed = idOf(pool);
        server.administer("KILL " + killed);

        CheckReport result = inTime(check);

        assertThat(result.status()).isEqualTo(Status.UP);
        assertThat(idOf(pool)).isNotEqualTo(killed);
    }

    @Test
    void a_server_that_is_read_only_takes_no_writes() throws Exception {
        HikariDataSource pool = pool(1);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool).requireWritable();
        server.administer("SET GLOBAL read_only = 1");

        CheckReport result = inTime(check);
        assertThat(result.status()).isEqualTo(Status.DOWN);
        assertThat(result.reason()).isEqualTo("read-only");
        assertThat(JdbcHealthCheck.of(pool).check().status()).isEqualTo(Status.UP);

        server.administer("SET GLOBAL read_only = 0");
        assertThat(check.check().status()).isEqualTo(Status.UP);
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

        assertThat(JdbcHealthCheck.of(pool).requireWritable().check().status()).isEqualTo(Status.UP);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE orders SET id = 1")).isEqualTo(1);
        }
    }

    @Test
    void transactions_that_are_read_only_by_default_take_no_writes() throws Exception {
        server.administer("SET GLOBAL tx_read_only = 1");
        assertThat(JdbcHealthCheck.of(pool(1)).requireWritable().check().reason())
                .isEqualTo("read-only");
        server.administer("SET GLOBAL tx_read_only = 0");

        HikariDataSource byDriver = pool(1, config -> config.setReadOnly(true));
        assertThat(JdbcHealthCheck.of(byDriver).requireWritable().check().reason())
                .isEqualTo("read-only");
        CheckResult write =
                JdbcHealthCheck.of(byDriver).query("DELETE FROM orders").check();
        assertThat(write.reason()).isEqualTo("query-failed");
        assertThat(write.details()).containsEntry("sqlState", "25006");
    }

    @Test
    void a_query_fails_if_the_database_refuses_it_or_finds_something_else() throws Exception {
        HikariDataSource pool = pool(1);
        int before = idOf(pool);

        CheckReport refused = inTime(JdbcHealthCheck.of(pool).query("SELECT * FROM nowhere"));
        assertThat(refused.reason()).isEqualTo("query-failed");
        assertThat(refused.details()).containsEntry("sqlState", "42S02");
        assertThat(inTime(JdbcHealthCheck.of(pool).query("SELECT COUNT(*) FROM orders", "2"))
                        .reason())
                .isEqualTo("query-failed");
        assertThat(idOf(pool)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT id FROM orders FOR UPDATE", "SELECT GET_LOCK('orders', 10)", "SELECT SLEEP(10)"})
    void a_query_that_is_blocked_has_a_timeout_and_ends_on_the_server_too(String query) throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(1)).query(query);
        try (Connection holder = server.connect()) {
            holder.setAutoCommit(false);
            number(holder, "SELECT id FROM orders FOR UPDATE");
            number(holder, "SELECT GET_LOCK('orders', 1)");

            assertThat(inTime(check).reason()).isEqualTo("timeout");
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> server.number("SELECT COUNT(*) FROM information_schema.processlist"
                                    + " WHERE user = 'app' AND command = 'Query'")
                            == 0);
        }
        if (!query.contains("SLEEP")) {
            awaitUp(check);
        }
    }

    @Test
    void a_pool_filled_by_the_application_is_exhausted() throws Exception {
        HikariDataSource pool = pool(1);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        try (Connection all = pool.getConnection()) {
            assertThat(all.isValid(1)).isTrue();
            CheckReport result = inTime(check);
            assertThat(result.status()).isEqualTo(Status.DEGRADED);
            assertThat(result.reason()).isEqualTo("pool-exhausted");
        }
        awaitUp(check);
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
            assertThat(each.check().status()).isEqualTo(Status.UP);
            assertThat(server.number("SELECT COUNT(*) FROM information_schema.innodb_trx"))
                    .isZero();
        }
        assertThat(check.query("SELECT * FROM nowhere").check().reason()).isEqualTo("query-failed");

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

    private static Connection connect(String driver) throws SQLException {
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
    void thousands_of_checks_with_faults_leak_nothing() throws Exception {
        HikariDataSource pool = pool(3);
        HikariPoolMXBean gauges = pool.getHikariPoolMXBean();
        await().until(() -> gauges.getTotalConnections() == 3);
        JdbcHealthCheck sound = JdbcHealthCheck.of(pool).requireWritable();
        JdbcHealthCheck failing = JdbcHealthCheck.of(pool).query("SELECT * FROM nowhere");

        for (int i = 0; i < 3000; i++) {
            JdbcHealthCheck check = i % 10 == 9 ? failing : sound;
            assertThat(check.check().status()).isEqualTo(check == failing ? Status.DOWN : Status.UP);
            assertThat(gauges.getActiveConnections()).isZero();
            if (i % 500 == 250) {
                server.administer("KILL " + idOf(pool));
            }
            if (i == 1000) {
                server.stop();
                assertThat(inTime(sound).status()).isEqualTo(Status.DOWN);
                server.start();
                awaitUp(sound);
            }
            if (i == 2000) {
                server.freeze();
                assertThat(inTime(sound).status()).isEqualTo(Status.DOWN);
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

    private CheckReport inTime(JdbcHealthCheck check) {
        return asked.inTime("a fault", check);
    }

    private void awaitUp(JdbcHealthCheck check) {
        asked.awaitUp(check);
    }

    /** HikariCP tests a connection before it hands it out only if nobody used it for 500 ms. */
    private static HikariDataSource idleFor600Millis(HikariDataSource pool) {
        await().until(() -> pool.getHikariPoolMXBean().getIdleConnections() == pool.getMaximumPoolSize());
        long start = System.nanoTime();
        await().until(() -> System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(600));
        return pool;
    }

    private HikariDataSource pool(int size) {
        return pool(size, config -> {});
    }

    private HikariDataSource pool(int size, Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.jdbcUrl());
        config.setUsername(server.user());
        config.setPassword(server.password());
        config.setMaximumPoolSize(size);
        config.setInitializationFailTimeout(-1);
        settings.accept(config);
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return pool;
    }

    private static Consumer<HikariConfig> through(TcpProxy network) {
        return config -> config.setJdbcUrl(server.jdbcUrl(network.port()));
    }

    private static Consumer<HikariConfig> database(String name) {
        return config -> config.setJdbcUrl(server.jdbcUrl().replace("/app?", "/" + name + "?"));
    }

    private static List<Connection> connectionsUntilRefused() {
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

    private static int idOf(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return number(connection, "SELECT CONNECTION_ID()");
        }
    }

    private static int connectionsOfApp() throws SQLException {
        return server.number("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'app'");
    }
}
