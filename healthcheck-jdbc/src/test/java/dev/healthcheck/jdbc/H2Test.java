package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The smallest database there is: no server, no network, and a driver without network timeout. */
class H2Test {
    private final JdbcDataSource h2 = source("right");
    private Connection keepsTheDatabase;

    @BeforeEach
    void create() throws SQLException {
        keepsTheDatabase = source("jdbc:h2:mem:health", "right").getConnection();
        execute("CREATE TABLE orders (id INT PRIMARY KEY)");
        execute("INSERT INTO orders VALUES (1)");
    }

    @AfterEach
    void drop() throws SQLException {
        if (!keepsTheDatabase.isClosed()) {
            execute("SHUTDOWN");
        }
    }

    @Test
    void it_is_up_with_and_without_a_pool() throws Exception {
        try (HikariDataSource pool = pool()) {
            for (JdbcHealthCheck check : new JdbcHealthCheck[] {JdbcHealthCheck.of(h2), JdbcHealthCheck.of(pool)}) {
                assertThat(check.requireWritable().check(ample()).status()).isEqualTo(Status.UP);
                assertThat(check.query("SELECT COUNT(*) = 1 FROM orders", "TRUE")
                                .check(ample())
                                .status())
                        .isEqualTo(Status.UP);
                assertThat(check.query("SELECT * FROM nowhere").check(ample()).reason())
                        .isEqualTo("query-failed");
            }
        }
    }

    @Test
    void a_wrong_password_is_auth() throws Exception {
        JdbcDataSource wrong = source("wrong");
        try (HikariDataSource pool = pool(wrong)) {
            for (JdbcHealthCheck check : new JdbcHealthCheck[] {JdbcHealthCheck.of(wrong), JdbcHealthCheck.of(pool)}) {
                await().until(() -> "auth".equals(check.check().reason())); // H2 takes its time to refuse
            }
        }
    }

    @Test
    void a_database_that_was_shut_down_is_unreachable_and_comes_back() throws Exception {
        try (HikariDataSource pool = pool()) {
            JdbcHealthCheck plain = JdbcHealthCheck.of(h2);
            JdbcHealthCheck pooled = JdbcHealthCheck.of(pool);
            assertThat(pooled.check(ample()).status()).isEqualTo(Status.UP);
            execute("SHUTDOWN");

            assertThat(plain.check(ample()).reason()).isEqualTo("unreachable");
            assertThat(pooled.check(Deadline.after(Duration.ofSeconds(2))).reason())
                    .isEqualTo("unreachable"); // after three quarters of the time

            create();
            assertThat(plain.check(ample()).status()).isEqualTo(Status.UP);
            await().until(() -> pooled.check().status() == Status.UP);
        }
    }

    @Test
    void a_query_that_the_driver_does_not_end_in_time_is_ended_by_the_registry() throws Exception {
        keepsTheDatabase.setAutoCommit(false);
        execute("SELECT * FROM orders FOR UPDATE");
        JdbcHealthCheck check = JdbcHealthCheck.of(h2).query("SELECT * FROM orders FOR UPDATE");
        try (HealthCheckRegistry health = HealthCheckRegistry.create()) {
            health.register("db", check);
            assertThat(health.check("db").orElseThrow().reason()).isEqualTo("timeout");

            keepsTheDatabase.rollback();

            await().until(() -> health.check("db").orElseThrow().status() == Status.UP);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = keepsTheDatabase.createStatement()) {
            statement.execute(sql);
        }
    }

    private HikariDataSource pool() {
        return pool(h2);
    }

    private static HikariDataSource pool(JdbcDataSource source) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(2);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** Only of a database that is there: H2 would make one. */
    private static JdbcDataSource source(String password) {
        return source("jdbc:h2:mem:health;IFEXISTS=TRUE", password);
    }

    private static JdbcDataSource source(String url, String password) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url);
        source.setUser("sa");
        source.setPassword(password);
        return source;
    }
}
