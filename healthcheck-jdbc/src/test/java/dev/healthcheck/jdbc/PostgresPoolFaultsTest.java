package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The server is well, the pool before it is not. */
class PostgresPoolFaultsTest extends PostgresTest {
    private final AtomicLong now = new AtomicLong();

    @Test
    void a_healthy_pool_is_up_and_tells_its_numbers() throws Exception {
        HikariDataSource pool = pool(2);

        CheckResult result = JdbcHealthCheck.of(pool).check(ample());

        assertThat(result.status()).isEqualTo(Status.UP);
        assertThat(result.reason()).isNull();
        assertThat(numbers(result.details())).containsEntry("active", 0).containsEntry("max", 2);
    }

    @Test
    void a_pool_that_starts_with_its_first_connection_is_started() throws Exception {
        HikariDataSource lazy = lazyPool();
        assertThat(lazy.getHikariPoolMXBean()).isNull();

        assertThat(JdbcHealthCheck.of(lazy).check(ample()).status()).isEqualTo(Status.UP);

        assertThat(lazy.getHikariPoolMXBean()).isNotNull();
    }

    @Test
    void a_pool_filled_by_the_application_is_degraded_then_down_and_up_as_soon_as_it_is_freed() throws Exception {
        HikariDataSource pool = pool(2, config -> config.setConnectionTimeout(250)); // each run ends in time
        awaitFull(pool);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool).ticker(now::get);
        try (Connection first = pool.getConnection();
                Connection second = pool.getConnection()) {
            assertThat(first).isNotSameAs(second);
            CheckReport result = says("pool-exhausted", "exhausted", check);
            assertThat(result.status()).isEqualTo(Status.DEGRADED);
            assertThat(result.message()).contains("all 2");
            assertThat(numbers(result.details())).containsEntry("active", 2).containsEntry("max", 2);

            now.addAndGet(TimeUnit.SECONDS.toNanos(30) - 1);
            assertThat(check.check(ample()).status()).isEqualTo(Status.DEGRADED);

            now.addAndGet(1);
            assertThat(check.check(ample()).status()).isEqualTo(Status.DOWN);
            assertThat(check.check(ample()).reason()).isEqualTo("pool-exhausted");
        }
        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);

        try (Connection first = pool.getConnection();
                Connection second = pool.getConnection()) {
            assertThat(first).isNotSameAs(second);
            assertThat(check.check(ample()).status()).isEqualTo(Status.DEGRADED);
        }
    }

    @Test
    void an_exhausted_pool_is_down_at_once_if_so_wished() throws Exception {
        HikariDataSource pool = pool(1);
        try (Connection all = pool.getConnection()) {
            assertThat(all.isValid(1)).isTrue();
            CheckReport result =
                    says("pool-exhausted", "exhausted", JdbcHealthCheck.of(pool).downWhenExhaustedFor(Duration.ZERO));
            assertThat(result.status()).isEqualTo(Status.DOWN);
        }
    }

    @Test
    void an_overloaded_pool_whose_connections_change_hands_is_never_called_unreachable() throws Exception {
        HikariDataSource pool = pool(2);
        awaitFull(pool);
        Set<String> reasons = reasonsOfOverload(pool);
        Set<String> allowed = Set.of("null", "pool-exhausted");
        for (int i = 0; i < 3 && !allowed.containsAll(reasons); i++) { // a busy machine once, a wrong check each time
            reasons = reasonsOfOverload(pool);
        }
        assertThat(reasons).contains("pool-exhausted").isSubsetOf(allowed);
    }

    private static Set<String> reasonsOfOverload(HikariDataSource pool) throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        Set<String> reasons = new TreeSet<>();
        try (HealthCheckRegistry health = HealthCheckRegistry.create();
                Threads load = new Threads("load", 12, () -> holdFor50Millis(pool))) {
            Registration overloaded = health.register(
                    "overloaded", check, o -> o.timeout(Duration.ofMillis(400)).cacheFor(Duration.ZERO));
            for (int i = 0; i < 40; i++) {
                reasons.add(String.valueOf(overloaded.runNow().reason()));
            }
            await().until(() -> load.rounds.get() > 100);
        }
        return reasons;
    }

    @Test
    void a_suspended_pool_is_not_asked() throws Exception {
        HikariDataSource pool = pool(2, config -> config.setAllowPoolSuspension(true));
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        awaitUp(check);
        pool.getHikariPoolMXBean().suspendPool();

        CheckReport result = says("pool-suspended", "suspended", check);
        assertThat(result.status()).isEqualTo(Status.DOWN);

        pool.getHikariPoolMXBean().resumePool();
        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
    }

    @Test
    void a_closed_pool_is_closed() throws Exception {
        HikariDataSource pool = pool(1);
        pool.close();

        says("pool-closed", "closed", JdbcHealthCheck.of(pool));
    }

    @RepeatedTest(5)
    void the_dead_connections_that_a_restarted_server_left_are_discarded_and_make_no_down() throws Exception {
        HikariDataSource pool = warmPool(3, config -> config.addDataSourceProperty("ApplicationName", "killed"));
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        killSessions("killed");

        CheckResult result = check.check(ample());

        assertThat(result.status()).isEqualTo(Status.UP);
        assertThat(result.details()).containsKey("discarded");
        for (int i = 0; i < 20; i++) {
            assertThat(backendOf(pool)).isPositive();
        }
    }

    @Test
    void dead_connections_of_an_idle_pool_are_found_by_the_pool_itself() throws Exception {
        HikariDataSource pool = idlePool(3, config -> config.addDataSourceProperty("ApplicationName", "killed"));
        killSessions("killed");

        assertThat(JdbcHealthCheck.of(pool).check(ample()).status()).isEqualTo(Status.UP);
    }

    /** It may well meet a dead one that nobody has found yet. */
    @Test
    void a_connection_that_the_check_has_found_dead_is_never_handed_to_the_application() throws Exception {
        Watched watched = new Watched(plain("watched"));
        HikariDataSource pool = warmPool(5, config -> config.setDataSource(watched.dataSource()));
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        try (Threads application = new Threads("application", 2, () -> useForAMoment(pool))) {
            await().pollInSameThread()
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        sql(
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'watched'");
                        assertThat(check.check(ample()).status()).isNotNull();
                        return watched.foundDead() >= 10;
                    });
            assertThat(application.rounds).hasPositiveValue();
        }

        assertThat(watched.usedWhenDead).isEmpty();
        awaitGivenBack(pool);
    }

    private static void useForAMoment(HikariDataSource pool) {
        try (Connection connection = pool.getConnection()) {
            number(connection, "SELECT 1");
        } catch (SQLException e) {
            // killed in our hands
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }

    private static void holdFor50Millis(HikariDataSource pool) {
        try (Connection connection = pool.getConnection()) {
            number(connection, "SELECT 1 FROM pg_sleep(0.05)");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> numbers(Map<String, ?> details) {
        return (Map<String, Object>) details.get("pool");
    }
}
