package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Status;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mariadb.jdbc.MariaDbDataSource;

/** A {@code DataSource} that is no pool, and so connects for each run, for as long as its driver likes. */
@Timeout(120)
class PlainSourceTest {
    /** A prober's patience. A run ends after 680 ms; a limit in JDBC's whole seconds would be too late. */
    private static final Duration OVERDUE = Duration.ofSeconds(1);

    private static MariaDbServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = new MariaDbServer();
    }

    @AfterAll
    static void closeServer() throws IOException {
        server.close();
    }

    @AfterEach
    void mend() throws IOException {
        server.thaw();
        server.start();
    }

    @Test
    void each_run_opens_one_connection_and_closes_it() throws Exception {
        FakeDatabase counter = new FakeDatabase();
        JdbcHealthCheck sound = JdbcHealthCheck.of(counter.counting(source(""))).requireWritable();
        JdbcHealthCheck failing = sound.query("SELECT * FROM nowhere");

        for (int i = 0; i < 500; i++) {
            JdbcHealthCheck check = i % 10 == 9 ? failing : sound;
            assertThat(check.check().status()).isEqualTo(check == failing ? Status.DOWN : Status.UP);
        }
        server.stop();
        assertThat(inTime(sound).reason()).isEqualTo("unreachable");
        server.start();
        server.freeze();
        assertThat(inTime(sound).reason()).isEqualTo("timeout");
        server.thaw();
        awaitUp(sound);

        assertThat(counter.mostOpen).hasValue(1);
        await().untilAsserted(() -> {
            assertThat(counter.open).hasValue(0);
            assertThat(connections()).isZero();
        });
    }

    @Test
    void a_wrong_password_is_auth() throws Exception {
        MariaDbDataSource source = source("");
        source.setPassword("wrong");

        assertThat(inTime(JdbcHealthCheck.of(source)).reason()).isEqualTo("auth");
    }

    @Test
    void a_frozen_server_without_any_limit_of_the_driver_costs_one_thread_and_comes_back() throws Exception {
        try (HealthCheckRegistry health = HealthCheckRegistry.create()) {
            health.register("db", JdbcHealthCheck.of(source("&connectTimeout=0")), o -> o.cacheFor(Duration.ZERO));
            await().until(() -> ask(health).status() == Status.UP);
            server.freeze();

            for (int i = 0; i < 4; i++) {
                CheckReport report = ask(health);
                assertThat(report.reason()).isEqualTo("timeout");
                assertThat(report.cause()).isNotNull(); // the check has said so, not the registry
                assertThat(borrowing()).isEqualTo(1);
            }

            server.thaw();
            await().until(() -> ask(health).status() == Status.UP);
        }
        await().untilAsserted(() -> {
            assertThat(borrowing()).isZero();
            assertThat(connections()).isZero();
        });
    }

    @Test
    void a_frozen_server_is_unreachable_as_soon_as_the_driver_has_given_up() throws Exception {
        JdbcHealthCheck early = JdbcHealthCheck.of(source("&connectTimeout=300"));
        JdbcHealthCheck late = JdbcHealthCheck.of(source("&connectTimeout=1000"));
        server.freeze();

        CheckResult result = inTime(early);
        assertThat(result.reason()).isEqualTo("unreachable");
        assertThat(result.details()).containsEntry("sqlState", "08000");

        assertThat(inTime(late).reason()).isEqualTo("timeout");
        await().untilAsserted(() -> assertThat(inTime(late).reason()).isEqualTo("unreachable"));
    }

    private static MariaDbDataSource source(String settings) throws SQLException {
        MariaDbDataSource source = new MariaDbDataSource(server.jdbcUrl() + settings);
        source.setUser(server.user());
        source.setPassword(server.password());
        return source;
    }

    private static CheckReport ask(HealthCheckRegistry health) {
        long start = System.nanoTime();
        CheckReport report = health.check("db").orElseThrow();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        return report;
    }

    private static CheckResult inTime(JdbcHealthCheck check) throws InterruptedException {
        long start = System.nanoTime();
        CheckResult result = check.check();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(OVERDUE);
        return result;
    }

    private static void awaitUp(JdbcHealthCheck check) {
        await().until(() -> check.check().status() == Status.UP);
    }

    private static long borrowing() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().endsWith("-borrow"))
                .count();
    }

    private static int connections() throws SQLException {
        return server.number("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'app'");
    }
}
