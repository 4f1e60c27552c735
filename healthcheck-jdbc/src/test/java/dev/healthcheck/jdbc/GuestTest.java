package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static dev.healthcheck.jdbc.FakeDatabase.failing;
import static dev.healthcheck.jdbc.FakeDatabase.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/** The check does with the application's source what the application does, and gives back what it was lent. */
class GuestTest {
    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    private final JdbcDataSource h2 = database("guest");
    private final Asked asked = new Asked();
    private Connection keepsTheDatabase;

    @BeforeEach
    void create() throws SQLException {
        keepsTheDatabase = h2.getConnection();
    }

    @AfterEach
    void drop() throws SQLException {
        asked.close();
        try (Statement statement = keepsTheDatabase.createStatement()) {
            statement.execute("SHUTDOWN");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_connection_is_given_back_once_whatever_any_call_throws(boolean autoCommit) {
        Observed source = new Observed(new DelegatingDataSource(h2) {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                connection.setAutoCommit(autoCommit);
                return connection;
            }
        });
        JdbcHealthCheck check = JdbcHealthCheck.of(source.dataSource());

        EveryCall.failsWithoutALeak(source, check);
        EveryCall.failsWithoutALeak(source, check.query("SELECT 1", "1").requireWritable());
        EveryCall.failsWithoutALeak(source, check.query("SELECT nothing").patience(Duration.ofSeconds(2)));
    }

    @Test
    void a_hikari_pool_has_all_its_connections_back_whatever_any_call_of_the_driver_throws() {
        Observed source = new Observed(h2);
        try (HikariDataSource pool = pool(source.dataSource(), 2)) {
            JdbcHealthCheck check =
                    JdbcHealthCheck.of(pool).query("SELECT 1", "1").requireWritable();
            asked.awaitUp(check);
            for (int call = 0; call < 40; call++) {
                for (Throwable failure : new Throwable[] {
                    new SQLException("injected"),
                    sql("08006"),
                    new IllegalStateException(),
                    new OutOfMemoryError("injected")
                }) {
                    source.fail(call, failure);
                    assertThat(asked.inTime(failure + " from call " + call, check)
                                    .status())
                            .isNotNull();
                    await(failure + " from call " + call)
                            .pollDelay(Duration.ZERO) // a run that is late holds one for longer
                            .until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
                }
            }
            asked.awaitUp(check);
        }
        assertThat(source.calls).noneMatch(call -> call.endsWith(".abort"));
    }

    @Test
    void one_thread_makes_all_calls_and_it_is_the_run_s_own() {
        Observed source = new Observed(h2);
        JdbcHealthCheck check = JdbcHealthCheck.of(source.dataSource()).patience(Duration.ofSeconds(2));

        for (JdbcHealthCheck each :
                List.of(check, check.query("SELECT 1", "1").requireWritable(), check.query("SELECT nothing"))) {
            source.threads.clear();
            assertThat(each.check(ample()).status()).isNotNull();
            assertThat(source.threads).containsExactly(Thread.currentThread());

            source.threads.clear();
            assertThat(asked.inTime("none", each).status()).isNotNull();
            assertThat(source.threads).singleElement().isNotSameAs(Thread.currentThread());
        }
        assertThat(source.calls).noneMatch(call -> call.endsWith(".abort"));
    }

    static Stream<Throwable> lacks() {
        return Stream.of(
                new AbstractMethodError("isValid"),
                new SQLFeatureNotSupportedException(),
                new UnsupportedOperationException());
    }

    @ParameterizedTest
    @MethodSource("lacks")
    void a_driver_without_is_valid_is_asked_a_statement(Throwable lack) {
        FakeDatabase database = new FakeDatabase().on("isValid", failing(lack));
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource());

        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
        assertThat(database.calls).contains("statement.execute(SELECT 1)");

        database.on("statement.execute", failing(sql("42000"))); // of a database where FROM is needed
        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);

        database.on("statement.execute", failing(sql("08006")));
        assertThat(check.check(ample()).reason()).isEqualTo("invalid");
        assertThat(database.open).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("lacks")
    void a_driver_without_is_valid_loses_no_connection(Throwable lack) {
        FakeDatabase database = new FakeDatabase();
        try (HikariDataSource pool =
                pool(database.dataSource(), 1, config -> config.setConnectionTestQuery("SELECT 1"))) {
            asked.awaitUp(JdbcHealthCheck.of(pool));
            int before = database.mostOpen.get();
            database.on("isValid", failing(lack));

            for (int i = 0; i < 10; i++) {
                assertThat(JdbcHealthCheck.of(pool).check(ample()).status()).isEqualTo(Status.UP);
            }

            assertThat(database.borrows).hasValue(1);
            assertThat(before).isEqualTo(1);
        }
    }

    @Test
    void a_source_that_chooses_by_thread_local_is_asked_for_the_tenant_of_the_run() {
        JdbcDataSource absent = database("absent;IFEXISTS=TRUE");
        try (HikariDataSource present = pool(h2, 2);
                HealthCheckRegistry health = HealthCheckRegistry.create()) {
            Map<String, DataSource> tenants = Map.of("a", present, "b", absent);
            DataSource routing = new DelegatingDataSource() {
                @Override
                public DataSource getTargetDataSource() {
                    return tenants.get(TENANT.get());
                }
            };
            health.register("a", ofTenant("a", routing));
            health.register("b", ofTenant("b", routing));

            await().until(() -> health.check("a").orElseThrow().status() == Status.UP);
            assertThat(health.check("b").orElseThrow().status()).isEqualTo(Status.DOWN);
        }
    }

    private static HealthCheck ofTenant(String tenant, DataSource routing) {
        JdbcHealthCheck check = JdbcHealthCheck.of(routing);
        return new HealthCheck() {
            @Override
            public CheckResult check() {
                return check(Deadline.after(Duration.ofSeconds(1)));
            }

            @Override
            public CheckResult check(Deadline deadline) {
                TENANT.set(tenant);
                try {
                    return check.check(deadline);
                } finally {
                    TENANT.remove();
                }
            }
        };
    }

    @Test
    void a_wrapper_or_subclass_of_hikari_that_sets_a_schema_does_so_for_the_check() throws Exception {
        try (Statement statement = keepsTheDatabase.createStatement()) {
            statement.execute("CREATE SCHEMA tenant");
            statement.execute("CREATE TABLE tenant.only_here (id INT)");
        }
        try (HikariDataSource pool = pool(h2, 1, config -> config.setSchema("PUBLIC"));
                HikariDataSource subclass = new OfTenant()) {
            subclass.setDataSource(h2);
            DataSource wrapper = new DelegatingDataSource(pool) {
                @Override
                public Connection getConnection() throws SQLException {
                    return ofTenant(super.getConnection());
                }
            };
            assertThat(wrapper.isWrapperFor(HikariDataSource.class)).isTrue();

            for (DataSource each : List.of(wrapper, subclass)) {
                CheckResult result = JdbcHealthCheck.of(each)
                        .query("SELECT COUNT(*) FROM only_here", "0")
                        .check(ample());
                assertThat(result.status()).isEqualTo(Status.UP);
                assertThat(result.details()).containsKey("pool");
            }
            assertThat(JdbcHealthCheck.of(pool)
                            .query("SELECT COUNT(*) FROM only_here")
                            .check(ample())
                            .reason())
                    .isEqualTo("query-failed"); // HikariCP has put the schema back
        }
    }

    private static Connection ofTenant(Connection connection) throws SQLException {
        connection.setSchema("TENANT");
        return connection;
    }

    private static final class OfTenant extends HikariDataSource {
        @Override
        public Connection getConnection() throws SQLException {
            return ofTenant(super.getConnection());
        }
    }

    @Test
    void a_lazy_proxy_over_an_exhausted_pool_is_exhausted_in_time_and_up_when_that_is_over() throws Exception {
        try (HikariDataSource pool = pool(h2, 1)) {
            JdbcHealthCheck check = JdbcHealthCheck.of(new LazyConnectionDataSourceProxy(pool));
            asked.awaitUp(check);
            try (Connection all = pool.getConnection()) {
                assertThat(all.isValid(1)).isTrue();

                for (int i = 0; i < 3; i++) {
                    asked.says("pool-exhausted", "exhausted", check);
                    assertThat(asked.inTime("exhausted", check).status()).isEqualTo(Status.DEGRADED);
                }
                assertThat(pool.getHikariPoolMXBean().getThreadsAwaitingConnection())
                        .isEqualTo(1);
            }
            asked.awaitUp(check);
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @Test
    void a_lazy_proxy_whose_database_refuses_says_why() {
        JdbcDataSource wrong = database("guest;IFEXISTS=TRUE");
        wrong.setPassword("wrong");
        LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy();
        lazy.setTargetDataSource(wrong);
        lazy.setDefaultAutoCommit(true);
        lazy.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        JdbcHealthCheck check = JdbcHealthCheck.of(lazy);

        asked.awaitReason("auth", check);
    }

    /** H2 keeps a query timeout for the whole connection, and its driver has no network timeout. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_session_of_h2_is_as_it_was(boolean autoCommit) throws Exception {
        try (Connection session = h2.getConnection();
                Statement statement = session.createStatement()) {
            session.setAutoCommit(autoCommit);
            for (int seconds : new int[] {0, 2, 17}) {
                statement.setQueryTimeout(seconds);
                assertThat(Sessions.stateOf(session)).contains("query timeout " + seconds);
                UnchangedAfterEachOutcome.of(session);
            }
            if (autoCommit) {
                UnchangedAfterEachOutcome.ofTimeout(
                        session, "SELECT MAX(A.X + B.X) FROM SYSTEM_RANGE(1, 10000000) A, SYSTEM_RANGE(1, 10000000) B");
            }
        }
    }

    private static HikariDataSource pool(DataSource source, int size) {
        return pool(source, size, config -> {});
    }

    private static HikariDataSource pool(DataSource source, int size, Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setInitializationFailTimeout(-1);
        settings.accept(config);
        return new HikariDataSource(config);
    }

    private static JdbcDataSource database(String name) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + name);
        source.setUser("sa");
        source.setPassword("right");
        return source;
    }
}
