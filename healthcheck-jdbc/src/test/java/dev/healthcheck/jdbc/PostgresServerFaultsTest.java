package dev.healthcheck.jdbc;

import static dev.healthcheck.testkit.Patience.assertAnsweredWithin;
import static dev.healthcheck.testkit.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PostgresServerFaultsTest extends PostgresTest {

    @Test
    void a_stopped_server_is_unreachable_and_comes_back_without_a_new_pool() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(idlePool(3, config -> {}));
        server.stop();

        awaitRefusal(check);
        for (int i = 0; i < 3; i++) {
            CheckReport result = says("unreachable", "stopped", check);
            assertThat(result.details()).containsEntry("sqlState", "08001");
            assertThat(result.cause()).isInstanceOf(SQLException.class);
        }

        server.start();
        awaitUp(check);
    }

    @Test
    void a_server_that_stops_under_a_busy_pool_is_unreachable_at_once_for_its_dead_connections_are_discarded()
            throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(warmPool(3, config -> {}));
        server.stop();

        says("unreachable", "stopped, used connections", check);

        server.start();
        awaitUp(check);
    }

    @Test
    void a_frozen_server_is_unreachable_though_the_pool_waits_longer_and_comes_back_when_it_thaws() throws Exception {
        HikariDataSource pool = idlePool(3, config -> {});
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        server.freeze();

        for (int i = 0; i < 4; i++) {
            says("unreachable", "frozen, idle pool", check);
        }
        server.thaw();

        awaitUp(check);
        awaitGivenBack(pool);
    }

    @Test
    void a_server_that_freezes_under_a_busy_pool_is_unreachable() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(warmPool(2, config -> {}));
        server.freeze();

        says("unreachable", "frozen, used connections", check);
        server.thaw();

        awaitUp(check);
    }

    @Test
    void a_freeze_that_the_pool_would_sit_out_costs_it_no_connection() throws Exception {
        HikariDataSource pool = warmPool(3, config -> config.addDataSourceProperty("ApplicationName", "sat-out"));
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        Set<Integer> before = backends(pool, 3);
        for (int i = 0; i < 3; i++) {
            server.freeze();
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(1000)) {
                says("unreachable", "frozen", check);
                PoolTrial.pause(TimeUnit.MILLISECONDS.toNanos(50)); // a prober
            }
            server.thaw();
            awaitUp(check);
        }

        assertThat(backends(pool, 3)).isEqualTo(before);
    }

    /** Of all connections at once. */
    private static Set<Integer> backends(HikariDataSource pool, int size) throws SQLException {
        if (size == 0) {
            return new TreeSet<>();
        }
        try (Connection connection = pool.getConnection()) {
            Set<Integer> all = backends(pool, size - 1);
            all.add(number(connection, "SELECT pg_backend_pid()"));
            return all;
        }
    }

    @Test
    void a_frozen_server_is_not_mistaken_for_a_slow_query() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(warmPool(1, config -> {})).query("SELECT 1", "1");
        server.freeze();

        says("unreachable", "frozen, query", check);
        server.thaw();

        awaitUp(check);
    }

    @Test
    void a_frozen_pool_of_one_is_not_called_exhausted() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(idlePool(1, config -> {}));
        server.freeze();

        for (int i = 0; i < 8; i++) {
            says("unreachable", "frozen, pool of one", check);
        }
        server.thaw();

        awaitUp(check);
    }

    @Test
    void a_pool_that_starts_with_its_first_connection_finds_a_frozen_server_and_a_thawed_one() throws Exception {
        HikariDataSource lazy = lazyPool();
        JdbcHealthCheck check = JdbcHealthCheck.of(lazy);
        server.freeze();

        says("unreachable", "frozen, lazy pool", check);
        server.thaw();

        awaitUp(check);
        assertThat(lazy.getHikariPoolMXBean()).isNotNull();
    }

    @Test
    void readiness_follows_the_database() throws Exception {
        followsTheDatabase();
    }

    @Tag("slow")
    @RepeatedTest(3)
    void readiness_follows_the_database_each_time() throws Exception {
        followsTheDatabase();
    }

    private void followsTheDatabase() throws Exception {
        try (HealthCheckRegistry health = HealthCheckRegistry.create()) {
            health.register("orders-db", JdbcHealthCheck.of(pool(5)));
            await().until(() -> health.check(Probe.READINESS).status() == Status.UP);

            server.stop();
            await().atMost(patiently(Duration.ofSeconds(2)))
                    .until(() -> answer(health).status() == Status.DOWN);
            await().atMost(patiently(Duration.ofSeconds(2))).until(() -> "unreachable"
                    .equals(answer(health).checks().get(0).reason()));

            server.start();
            await().atMost(patiently(Duration.ofSeconds(5)))
                    .until(() -> answer(health).status() == Status.UP);

            server.freeze();
            await().atMost(patiently(Duration.ofSeconds(2)))
                    .until(() -> answer(health).status() == Status.DOWN);
            await().atMost(patiently(Duration.ofSeconds(2))).until(() -> "unreachable"
                    .equals(answer(health).checks().get(0).reason()));

            server.thaw();
            await().atMost(patiently(Duration.ofSeconds(5)))
                    .until(() -> answer(health).status() == Status.UP);
        }
    }

    private static HealthReport answer(HealthCheckRegistry health) {
        HealthReport report = health.check(Probe.READINESS);
        assertAnsweredWithin(Duration.ofMillis(900), report.duration());
        return report;
    }
}
