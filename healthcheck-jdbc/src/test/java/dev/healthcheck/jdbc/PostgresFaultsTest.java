package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** What the check says of a real database in real trouble. */
@Timeout(120)
class PostgresFaultsTest {
    /** For a run of 800 ms: it has to end by itself before that. */
    private static final Duration OVERDUE = Duration.ofMillis(800);

    private static PostgresServer server;

    private final AtomicLong now = new AtomicLong();
    private final List<HikariDataSource> pools = new ArrayList<>();

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresServer.create();
    }

    @AfterAll
    static void closeServer() throws IOException {
        server.close();
    }

    @AfterEach
    void mend() throws IOException {
        server.thaw();
        pools.forEach(HikariDataSource::close);
        server.start();
    }

    @Test
    void a_healthy_pool_is_up_and_tells_its_numbers() throws Exception {
        HikariDataSource pool = pool(2);

        CheckResult result = JdbcHealthCheck.of(pool).check();

        assertThat(result.status()).isEqualTo(Status.UP);
        assertThat(result.reason()).isNull();
        assertThat(numbers(result)).containsEntry("active", 0).containsEntry("max", 2);
    }

    @Test
    void a_stopped_server_is_unreachable_and_comes_back_without_a_new_pool() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(idleFor600Millis(pool(3)));
        server.stop();

        for (int i = 0; i < 3; i++) {
            CheckResult result = inTime("stopped", check);
            assertThat(result.reason()).isEqualTo("unreachable");
            assertThat(result.details()).containsEntry("sqlState", "08001");
            assertThat(result.cause()).isInstanceOf(SQLException.class);
        }

        server.start();
        awaitUp(check);
    }

    @Test
    void a_frozen_server_is_unreachable_though_the_pool_waits_longer_and_comes_back_when_it_thaws() throws Exception {
        HikariDataSource pool = idleFor600Millis(pool(3));
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        server.freeze();

        for (int i = 0; i < 4; i++) {
            assertThat(inTime("frozen, idle pool", check).reason()).isEqualTo("unreachable");
        }
        server.thaw();

        awaitUp(check);
        await().untilAsserted(() ->
                assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero());
    }

    @Test
    void a_server_that_freezes_under_a_busy_pool_is_unreachable() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(1));
        awaitUp(check);
        server.freeze();

        assertThat(inTime("frozen, used connection", check).reason()).isEqualTo("unreachable");
        server.thaw();

        awaitUp(check);
    }

    @Test
    void a_frozen_server_ends_a_query_too() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(1)).query("SELECT 1");
        awaitUp(check);
        server.freeze();

        CheckResult result = inTime("frozen, query", check);

        assertThat(result.reason()).isEqualTo("unreachable");
        assertThat(result.details()).containsEntry("sqlState", "08006");
    }

    @Test
    void a_frozen_pool_of_one_is_not_called_exhausted() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(idleFor600Millis(pool(1)));
        server.freeze();

        for (int i = 0; i < 8; i++) {
            assertThat(inTime("frozen, pool of one", check).reason()).isEqualTo("unreachable");
        }
    }

    @Test
    void a_wrong_password_is_auth() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(2, config -> config.setPassword("wrong")));

        for (int i = 0; i < 3; i++) {
            CheckResult result = inTime("wrong password", check);
            assertThat(result.reason()).isEqualTo("auth");
            assertThat(result.details()).containsEntry("sqlState", "28P01");
        }
    }

    @Test
    void a_pool_that_starts_with_its_first_connection_is_started_and_told_apart() throws Exception {
        HikariDataSource lazy = lazyPool();
        assertThat(lazy.getHikariPoolMXBean()).isNull();
        assertThat(JdbcHealthCheck.of(lazy).check().status()).isEqualTo(Status.UP);
        assertThat(lazy.getHikariPoolMXBean()).isNotNull();

        HikariDataSource wrong = lazyPool();
        wrong.setPassword("wrong");
        JdbcHealthCheck refused = JdbcHealthCheck.of(wrong);
        assertThat(inTime("lazy, wrong password", refused).status()).isEqualTo(Status.DOWN);
        await().until(() ->
                "auth".equals(inTime("lazy, wrong password", refused).reason()));

        server.freeze();
        assertThat(inTime("lazy, frozen", JdbcHealthCheck.of(lazyPool())).reason())
                .isEqualTo("unreachable");
    }

    @Test
    void a_pool_filled_by_the_application_is_degraded_then_down_and_up_as_soon_as_it_is_freed() throws Exception {
        HikariDataSource pool = pool(2);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool).ticker(now::get);
        try (Connection first = pool.getConnection();
                Connection second = pool.getConnection()) {
            assertThat(first).isNotSameAs(second);
            CheckResult result = inTime("exhausted", check);
            assertThat(result.status()).isEqualTo(Status.DEGRADED);
            assertThat(result.reason()).isEqualTo("pool-exhausted");
            assertThat(result.message()).contains("all 2");
            assertThat(numbers(result)).containsEntry("active", 2).containsEntry("max", 2);

            now.addAndGet(TimeUnit.SECONDS.toNanos(30) - 1);
            assertThat(check.check().status()).isEqualTo(Status.DEGRADED);

            now.addAndGet(1);
            assertThat(check.check().status()).isEqualTo(Status.DOWN);
            assertThat(check.check().reason()).isEqualTo("pool-exhausted");
        }
        assertThat(check.check().status()).isEqualTo(Status.UP);

        try (Connection first = pool.getConnection();
                Connection second = pool.getConnection()) {
            assertThat(first).isNotSameAs(second);
            assertThat(check.check().status()).isEqualTo(Status.DEGRADED);
        }
    }

    @Test
    void an_exhausted_pool_is_down_at_once_if_so_wished() throws Exception {
        HikariDataSource pool = pool(1);
        try (Connection all = pool.getConnection()) {
            assertThat(all.isValid(1)).isTrue();
            CheckResult result =
                    JdbcHealthCheck.of(pool).downWhenExhaustedFor(Duration.ZERO).check();
            assertThat(result.status()).isEqualTo(Status.DOWN);
            assertThat(result.reason()).isEqualTo("pool-exhausted");
        }
    }

    @Test
    void an_overloaded_pool_whose_connections_change_hands_is_never_called_unreachable() throws Exception {
        HikariDataSource pool = pool(2);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        Set<String> reasons = new TreeSet<>();
        try (Load load = new Load(pool, 12)) {
            for (int i = 0; i < 40; i++) {
                Deadline deadline = Deadline.after(Duration.ofMillis(400));
                reasons.add(String.valueOf(check.check(deadline).reason()));
            }
            assertThat(load.borrowed.get()).isGreaterThan(100);
        }
        assertThat(reasons).contains("pool-exhausted").isSubsetOf("null", "pool-exhausted");
    }

    @Test
    void a_suspended_pool_is_not_asked() throws Exception {
        HikariDataSource pool = pool(2, config -> config.setAllowPoolSuspension(true));
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        awaitUp(check);
        pool.getHikariPoolMXBean().suspendPool();

        CheckResult result = inTime("suspended", check);
        assertThat(result.status()).isEqualTo(Status.DOWN);
        assertThat(result.reason()).isEqualTo("pool-suspended");

        pool.getHikariPoolMXBean().resumePool();
        assertThat(check.check().status()).isEqualTo(Status.UP);
    }

    @Test
    void a_closed_pool_is_closed() throws Exception {
        HikariDataSource pool = pool(1);
        pool.close();

        assertThat(inTime("closed", JdbcHealthCheck.of(pool)).reason()).isEqualTo("pool-closed");
    }

    @RepeatedTest(5)
    void a_connection_killed_while_idle_is_never_handed_to_the_application() throws Exception {
        HikariDataSource pool = pool(1);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        awaitUp(check);
        int killed = backendOf(pool);
        kill(killed);

        CheckResult result = inTime("killed", check);

        assertThat(result.reason()).isIn("invalid", "unreachable");
        try (Connection next = pool.getConnection()) {
            assertThat(number(next, "SELECT pg_backend_pid()")).isNotEqualTo(killed);
        }
        assertThat(check.check().status()).isEqualTo(Status.UP);
    }

    @Test
    void a_query_that_the_database_refuses_has_failed() throws Exception {
        HikariDataSource pool = pool(1);

        CheckResult result = inTime("bad query", JdbcHealthCheck.of(pool).query("SELECT * FROM no_such_table"));

        assertThat(result.status()).isEqualTo(Status.DOWN);
        assertThat(result.reason()).isEqualTo("query-failed");
        assertThat(result.details()).containsEntry("sqlState", "42P01");
    }

    @Test
    void any_success_of_a_query_is_up() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(1));

        for (String query : List.of("SELECT 1", "SELECT 1 WHERE false", "SELECT false", "SET search_path TO public")) {
            assertThat(check.query(query).check().status()).as(query).isEqualTo(Status.UP);
        }
        assertThat(check.query("SELECT * FROM generate_series(1, 10000000)")
                        .check()
                        .reason())
                .isIn(null, "query-failed", "unreachable");
    }

    @Test
    void writable_is_what_the_server_says_not_only_the_driver() throws Exception {
        assertThat(JdbcHealthCheck.of(pool(1)).requireWritable().check().status())
                .isEqualTo(Status.UP);

        HikariDataSource byDriver = pool(1, config -> config.setReadOnly(true));
        assertThat(JdbcHealthCheck.of(byDriver).requireWritable().check().reason())
                .isEqualTo("read-only");
        assertThat(JdbcHealthCheck.of(byDriver).check().status()).isEqualTo(Status.UP);

        HikariDataSource byServer =
                pool(1, config -> config.addDataSourceProperty("options", "-c default_transaction_read_only=on"));
        CheckResult result = JdbcHealthCheck.of(byServer).requireWritable().check();
        assertThat(result.status()).isEqualTo(Status.DOWN);
        assertThat(result.reason()).isEqualTo("read-only");
        assertThat(JdbcHealthCheck.of(byServer).check().status()).isEqualTo(Status.UP);
    }

    @Test
    void without_autocommit_no_transaction_is_left_open() throws Exception {
        HikariDataSource pool = pool(1, config -> {
            config.setAutoCommit(false);
            config.addDataSourceProperty("ApplicationName", "no-autocommit");
        });

        for (JdbcHealthCheck check : List.of(
                JdbcHealthCheck.of(pool),
                JdbcHealthCheck.of(pool).query("SELECT 1").requireWritable(),
                JdbcHealthCheck.of(plain("no-autocommit")))) {
            assertThat(check.check().status()).isEqualTo(Status.UP);
            assertThat(openTransactions("no-autocommit")).isZero();
        }
        try (Connection connection = pool.getConnection()) {
            assertThat(connection.getAutoCommit()).isFalse();
        }
    }

    @Test
    void the_network_timeout_is_as_it_was() throws Exception {
        for (int seconds : new int[] {0, 12}) {
            HikariDataSource pool = pool(1, config -> config.addDataSourceProperty("socketTimeout", "" + seconds));
            assertThat(networkTimeout(pool)).isEqualTo(seconds * 1000);

            assertThat(JdbcHealthCheck.of(pool).requireWritable().check().status())
                    .isEqualTo(Status.UP);

            assertThat(networkTimeout(pool)).isEqualTo(seconds * 1000);
        }
    }

    @Test
    void a_plain_data_source_lends_one_connection_at_a_time_and_gets_each_back() throws Exception {
        FakeDatabase counter = new FakeDatabase();
        JdbcHealthCheck check = JdbcHealthCheck.of(counter.counting(plain("counted")));
        for (int i = 0; i < 20; i++) {
            assertThat(check.check().status()).isEqualTo(Status.UP);
        }
        assertThat(check.query("SELECT nothing").check().reason()).isEqualTo("query-failed");
        assertThat(check.requireWritable().check().status()).isEqualTo(Status.UP);
        server.stop();
        assertThat(inTime("stopped, plain source", check).reason()).isEqualTo("unreachable");
        server.start();
        awaitUp(check);

        assertThat(counter.open).hasValue(0);
        assertThat(counter.mostOpen).hasValue(1);
    }

    @Test
    void thousands_of_checks_with_faults_leak_nothing() throws Exception {
        HikariDataSource pool = pool(3);
        HikariPoolMXBean gauges = pool.getHikariPoolMXBean();
        await().until(() -> gauges.getTotalConnections() == 3);
        JdbcHealthCheck sound = JdbcHealthCheck.of(pool).requireWritable();
        JdbcHealthCheck failing = JdbcHealthCheck.of(pool).query("SELECT nothing");
        AtomicInteger mostActive = new AtomicInteger();

        for (int i = 0; i < 3000; i++) {
            JdbcHealthCheck check = i % 10 == 9 ? failing : sound;
            assertThat(check.check().status()).isEqualTo(check == failing ? Status.DOWN : Status.UP);
            mostActive.accumulateAndGet(gauges.getActiveConnections(), Math::max);
            if (i % 500 == 250) {
                kill(backendOf(pool));
                assertThat(sound.check().status()).isNotNull();
            }
            if (i == 1000) {
                server.stop();
                assertThat(inTime("stopped", sound).status()).isEqualTo(Status.DOWN);
                server.start();
                awaitUp(sound);
            }
            if (i == 2000) {
                server.freeze();
                assertThat(inTime("frozen", sound).status()).isEqualTo(Status.DOWN);
                server.thaw();
                awaitUp(sound);
            }
        }

        await().untilAsserted(() -> {
            assertThat(gauges.getActiveConnections()).isZero();
            assertThat(gauges.getTotalConnections()).isEqualTo(3);
            assertThat(gauges.getThreadsAwaitingConnection()).isZero();
        });
        assertThat(mostActive).hasValue(0);
        await().untilAsserted(() -> assertThat(openTransactions("")).isZero());
    }

    @Test
    void the_reason_tells_nothing_of_where_and_who() throws Exception {
        Set<String> shown = new TreeSet<>();
        HikariDataSource wrong = pool(1, config -> config.setPassword("hunter2"));
        shown.add(shown(JdbcHealthCheck.of(wrong)));
        shown.add(shown(JdbcHealthCheck.of(pool(1)).query("SELECT 'hunter2' FROM nowhere")));
        server.stop();
        shown.add(shown(JdbcHealthCheck.of(pool(1))));

        assertThat(shown).allSatisfy(text -> assertThat(text)
                .doesNotContainIgnoringCase("jdbc")
                .doesNotContain("hunter2", server.user(), server.password(), server.host(), "nowhere")
                .doesNotContain(Integer.toString(server.port())));
    }

    @RepeatedTest(3)
    void readiness_follows_the_database() throws Exception {
        try (HealthCheckRegistry health = HealthCheckRegistry.create()) {
            health.register("orders-db", JdbcHealthCheck.of(pool(5)));
            await().until(() -> health.check(Probe.READINESS).status() == Status.UP);

            server.stop();
            await().atMost(Duration.ofSeconds(2)).until(() -> answer(health).status() == Status.DOWN);
            await().atMost(Duration.ofSeconds(2)).until(() -> "unreachable"
                    .equals(answer(health).checks().get(0).reason()));

            server.start();
            await().atMost(Duration.ofSeconds(5)).until(() -> answer(health).status() == Status.UP);

            server.freeze();
            await().atMost(Duration.ofSeconds(2)).until(() -> answer(health).status() == Status.DOWN);
            CheckReport frozen = answer(health).checks().get(0);
            assertThat(frozen.reason()).isEqualTo("unreachable");

            server.thaw();
            await().atMost(Duration.ofSeconds(5)).until(() -> answer(health).status() == Status.UP);
        }
    }

    private static HealthReport answer(HealthCheckRegistry health) {
        HealthReport report = health.check(Probe.READINESS);
        assertThat(report.duration()).isLessThan(Duration.ofSeconds(1));
        return report;
    }

    private static String shown(JdbcHealthCheck check) throws InterruptedException {
        CheckResult result = check.check();
        assertThat(result.status()).isEqualTo(Status.DOWN);
        return result.status() + " " + result.reason();
    }

    /** With times in the log of the test, because they are what was promised. */
    private static CheckResult inTime(String fault, JdbcHealthCheck check) throws InterruptedException {
        long start = System.nanoTime();
        CheckResult result = check.check();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.println(fault + ": " + result + " after " + took.toMillis() + " ms");
        assertThat(took).isLessThan(OVERDUE);
        return result;
    }

    private static void awaitUp(JdbcHealthCheck check) {
        await().atMost(Duration.ofSeconds(5)).until(() -> check.check().status() == Status.UP);
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
        configure(config);
        config.setMaximumPoolSize(size);
        config.setInitializationFailTimeout(-1);
        settings.accept(config);
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return pool;
    }

    private HikariDataSource lazyPool() {
        HikariDataSource pool = new HikariDataSource();
        configure(pool);
        pools.add(pool);
        return pool;
    }

    private static void configure(HikariConfig config) {
        config.setJdbcUrl(server.jdbcUrl());
        config.setUsername(server.user());
        config.setPassword(server.password());
    }

    private static PGSimpleDataSource plain(String applicationName) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.jdbcUrl());
        source.setUser(server.user());
        source.setPassword(server.password());
        source.setApplicationName(applicationName);
        return source;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> numbers(CheckResult result) {
        return (Map<String, Object>) result.details().get("pool");
    }

    private static int networkTimeout(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return connection.getNetworkTimeout();
        }
    }

    private static int backendOf(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return number(connection, "SELECT pg_backend_pid()");
        }
    }

    private static void kill(int backend) throws SQLException {
        try (Connection connection = server.connect()) {
            assertThat(number(connection, "SELECT pg_terminate_backend(" + backend + ", 5000)::int"))
                    .isEqualTo(1);
        }
    }

    private static int openTransactions(String applicationName) throws SQLException {
        try (Connection connection = server.connect()) {
            return number(
                    connection,
                    "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
                            + " AND application_name LIKE '%" + applicationName + "%'");
        }
    }

    private static int number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Threads that want more connections than there are, all the time. */
    private static final class Load implements AutoCloseable {
        final AtomicInteger borrowed = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();
        private final List<Thread> threads = new ArrayList<>();

        Load(HikariDataSource pool, int size) {
            for (int i = 0; i < size; i++) {
                Thread thread = new Thread(() -> run(pool), "load-" + i);
                threads.add(thread);
                thread.start();
            }
        }

        private void run(HikariDataSource pool) {
            while (!over.get()) {
                try (Connection connection = pool.getConnection()) {
                    number(connection, "SELECT 1 FROM pg_sleep(0.05)");
                    borrowed.incrementAndGet();
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            }
        }

        @Override
        public void close() {
            over.set(true);
            for (Thread thread : threads) {
                await().until(() -> !thread.isAlive());
            }
        }
    }
}
