package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static dev.healthcheck.jdbc.FakeDatabase.failing;
import static dev.healthcheck.jdbc.FakeDatabase.sql;
import static dev.healthcheck.testkit.Patience.assertAnsweredWithin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reports while a run hangs in each of its steps, and its costs. */
class DepositTest {
    private final FakeDatabase database = new FakeDatabase();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger hanging = new AtomicInteger();
    private final Asked asked = new Asked();
    private final List<HikariDataSource> pools = new ArrayList<>();

    @AfterEach
    void release() {
        released.countDown();
        asked.close();
        pools.forEach(HikariDataSource::close);
    }

    @ParameterizedTest
    @CsvSource({
        "borrow, timeout, no connection has come yet",
        "getNetworkTimeout, timeout, no connection has come yet",
        "isValid, unreachable, the database does not answer",
        "statement.execute, timeout, 'the query has not ended, though the server answered before it'",
        "isReadOnly, timeout, 'the server has not said whether it takes writes, though it answered before'",
        "rollback, unreachable, the database does not answer while the connection is given back",
        "close, unreachable, the database does not answer while the connection is given back",
    })
    void a_hang_has_the_reason_of_its_step(String step, String reason, String message) {
        database.on("getAutoCommit", args -> false);
        JdbcHealthCheck check =
                JdbcHealthCheck.of(database.dataSource()).query("SELECT 1").requireWritable();
        asked.awaitUp(check);
        hangs(step);

        for (int i = 0; i < 3; i++) {
            CheckReport report = asked.says(reason, step, check);
            assertThat(report.status()).isEqualTo(Status.DOWN);
            assertThat(report.message()).startsWith(message);
        }
        assertThat(hanging).hasValue(1);
        released.countDown();

        asked.awaitUp(check);
        assertThat(database.open).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"isValid", "close"})
    void a_connection_that_came_too_late_to_be_asked_is_a_timeout_whatever_hangs_then(String step) {
        Timed check = new Timed(JdbcHealthCheck.of(database.dataSource()));
        database.on("borrow", args -> {
            check.awaitNearlyOver();
            return null;
        });
        hangs(step);

        CheckReport report = asked.inTime("late borrow", check);

        assertThat(report.reason()).isEqualTo("timeout"); // and not "unreachable"
    }

    @Test
    void while_nothing_comes_the_failure_of_the_last_borrow_is_reported_until_one_succeeds() {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource());
        database.on("borrow", failing(sql("3D000")));
        asked.says("no-database", "no database", check);
        hangs("borrow");
        asked.says("no-database", "hang after that", check);
        released.countDown();
        asked.awaitUp(check);

        CountDownLatch again = new CountDownLatch(1);
        database.on("borrow", args -> {
            again.await();
            return null;
        });
        asked.says("timeout", "hang after success", check);
        again.countDown();
    }

    @Test
    void a_failure_that_comes_too_late_is_reported_by_the_next_run_that_hangs() {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource());
        database.on("borrow", args -> {
            hanging.incrementAndGet();
            released.await();
            throw sql("53300");
        });
        asked.says("timeout", "hang", check);
        CountDownLatch again = new CountDownLatch(1);
        released.countDown();
        database.on("borrow", args -> {
            again.await();
            return null;
        });

        await().until(() -> "too-many-connections"
                .equals(asked.inTime("hang after late failure", check).reason()));
        again.countDown();
    }

    @Test
    void a_hikari_pool_that_connects_or_tests_is_waiting_for_the_database() {
        HikariDataSource pool = pool(2);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        asked.awaitUp(check);
        hangs("isValid");

        asked.says("unreachable", "frozen", check);
        released.countDown();
        asked.awaitUp(check);

        HikariDataSource cold = pool(2, config -> config.setMinimumIdle(0));
        CountDownLatch connected = new CountDownLatch(1);
        database.on("borrow", args -> {
            connected.await();
            return null;
        });
        JdbcHealthCheck connecting = JdbcHealthCheck.of(cold);
        for (int i = 0; i < 2; i++) {
            asked.says("unreachable", "connecting hangs", connecting);
        }
        connected.countDown();
        asked.awaitUp(connecting);
    }

    @Test
    void in_a_full_hikari_pool_the_check_waits_like_the_application_and_counts_no_timeout() throws Exception {
        AtomicInteger timeouts = new AtomicInteger();
        HikariDataSource pool = pool(
                1,
                config -> config.setMetricsTrackerFactory((name, stats) -> new IMetricsTracker() {
                    @Override
                    public void recordConnectionTimeout() {
                        timeouts.incrementAndGet();
                    }
                }));
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        asked.awaitUp(check);
        try (Connection all = pool.getConnection()) {
            assertThat(all.isValid(1)).isTrue();
            for (int i = 0; i < 20; i++) {
                CheckReport report = asked.says("pool-exhausted", "exhausted", check);
                assertThat(report.status()).isEqualTo(Status.DEGRADED);
                assertThat(report.message()).startsWith("the only connection of the pool is in use");
                assertThat(report.details()).containsKey("pool");
                assertThat(pool.getHikariPoolMXBean().getThreadsAwaitingConnection())
                        .isEqualTo(1);
                PoolTrial.pause(TimeUnit.MILLISECONDS.toNanos(50)); // a prober
            }
        }
        asked.awaitUp(check);
        assertThat(timeouts).hasValue(0);
        assertThat(database.borrows).hasValue(1);
    }

    @Test
    void a_connection_that_became_free_too_late_to_be_asked_is_an_exhausted_pool_and_no_outage() throws Exception {
        HikariDataSource pool = pool(1);
        Timed check = new Timed(JdbcHealthCheck.of(pool));
        asked.awaitUp(check);
        Connection all = pool.getConnection();
        hangs("isValid");
        check.deadline = null;
        CompletableFuture<Void> givenBack = CompletableFuture.runAsync(() -> {
            check.awaitNearlyOver();
            closeQuietly(all);
        });

        CheckReport report = asked.inTime("late turn", check);

        assertThat(report.reason()).isEqualTo("pool-exhausted");

        assertThat(report.status()).isEqualTo(Status.DEGRADED);
        givenBack.join();
        released.countDown();
        asked.awaitUp(check);
    }

    /** Tells how much time a run has left. */
    private static final class Timed implements HealthCheck {
        private final JdbcHealthCheck check;
        private volatile @Nullable Deadline deadline;
        private volatile Duration time = Duration.ZERO;

        Timed(JdbcHealthCheck check) {
            this.check = check;
        }

        @Override
        public CheckResult check() {
            throw new AssertionError("a registry sets a deadline");
        }

        @Override
        public CheckResult check(Deadline given) {
            time = given.remaining();
            deadline = given;
            return check.check(given);
        }

        void awaitNearlyOver() {
            await().pollInSameThread()
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> remaining().multipliedBy(8).compareTo(time) < 0);
        }

        /** Returns the time that the run has; much if it has not begun. */
        Duration remaining() {
            Deadline present = deadline;
            return present == null ? Duration.ofDays(1) : present.remaining();
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_full_hikari_pool_is_down_as_soon_as_it_was_full_for_long_enough() throws Exception {
        HikariDataSource pool = pool(1);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool).downWhenExhaustedFor(Duration.ofMillis(1500));
        asked.awaitUp(check);
        try (Connection all = pool.getConnection()) {
            assertThat(all.isValid(1)).isTrue();
            long begin = System.nanoTime();
            assertThat(asked.inTime("exhausted", check).status()).isEqualTo(Status.DEGRADED);

            await().until(() -> asked.inTime("exhausted", check).status() == Status.DOWN);

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1400));
            asked.says("pool-exhausted", "exhausted", check);
        }
        asked.awaitUp(check);
    }

    /** The registry starts them after 60 and 180 seconds; here they are called by hand. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 1", "4, 2", "6, 3"})
    void late_runs_hold_at_most_half_of_a_hikari_pool(int size, int most) {
        HikariDataSource pool = pool(size);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        await().until(() -> pool.getHikariPoolMXBean().getIdleConnections() == size);
        warmUp(check);
        hangs("isValid");
        List<CompletableFuture<CheckResult>> late = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            late.add(lateRun(check));
        }

        CheckResult refused = check.check(Deadline.after(Duration.ofSeconds(5)));

        assertThat(refused.reason()).isEqualTo("unreachable");
        assertThat(refused.details().get("waiting").toString()).startsWith("an earlier run has been waiting for ");
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(most);
        released.countDown();
        late.forEach(CompletableFuture::join);
        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
    }

    @Test
    void a_run_that_is_refused_because_an_earlier_one_queues_says_for_how_long_the_pool_is_full_by_now()
            throws Exception {
        AtomicLong now = new AtomicLong();
        HikariDataSource pool = pool(2);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool).ticker(now::get);
        CompletableFuture<CheckResult> late;
        try (Connection first = pool.getConnection();
                Connection second = pool.getConnection()) {
            assertThat(first).isNotSameAs(second);
            Timed timed = new Timed(check);
            late = CompletableFuture.supplyAsync(() -> timed.check(Deadline.after(Duration.ofMillis(300))));
            await().until(() -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1
                    && timed.remaining().isZero());
            assertThat(check.check(ample()).status()).isEqualTo(Status.DEGRADED);

            now.addAndGet(TimeUnit.SECONDS.toNanos(61));
            CheckResult result = check.check(ample());

            assertThat(result.status()).isEqualTo(Status.DOWN);
            assertThat(result.reason()).isEqualTo("pool-exhausted");
            assertThat(result.message()).endsWith(", for 1 min 1 s by now");
            assertThat(result.details()).containsEntry("waiting", "an earlier run has been waiting for 1 min 1 s");
        }
        assertThat(late.join().status()).isEqualTo(Status.UP);
    }

    @Test
    void of_a_source_of_unknown_size_only_the_registry_limits_the_late_runs() {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource());
        warmUp(check);
        hangs("isValid");
        List<CompletableFuture<CheckResult>> late = List.of(lateRun(check), lateRun(check), lateRun(check));

        assertThat(database.open).hasValue(3);
        released.countDown();
        late.forEach(CompletableFuture::join);
        assertThat(database.open).hasValue(0);
    }

    @Test
    void runs_that_are_in_time_do_not_refuse_each_other() {
        HikariDataSource pool = pool(1);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        asked.awaitUp(check);

        List<CompletableFuture<CheckResult>> both = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            both.add(CompletableFuture.supplyAsync(() -> check.check(Deadline.after(Duration.ofSeconds(30)))));
        }

        assertThat(both).allSatisfy(each -> assertThat(each.join().status()).isEqualTo(Status.UP));
    }

    @Test
    void unregistering_and_closing_do_not_wait_for_a_late_run_which_gives_its_connection_back() {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource());
        warmUp(check);
        hangs("isValid");
        HealthCheckRegistry health = HealthCheckRegistry.create();
        Registration registration = health.register("db", check);
        assertThat(registration.runNow().reason()).isEqualTo("unreachable");

        long begin = System.nanoTime();
        registration.close();
        assertAnsweredWithin(Duration.ofSeconds(1), Duration.ofNanos(System.nanoTime() - begin));
        health.close();
        assertAnsweredWithin(Duration.ofSeconds(3), Duration.ofNanos(System.nanoTime() - begin));

        assertThat(database.open).hasValue(1);
        released.countDown();
        await().until(() -> database.open.get() == 0);
    }

    /** The first run of a JVM loads classes, and may come too late to its question. */
    private static void warmUp(JdbcHealthCheck check) {
        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
    }

    private CompletableFuture<CheckResult> lateRun(JdbcHealthCheck check) {
        int before = hanging.get();
        Timed timed = new Timed(check);
        CompletableFuture<CheckResult> late = new CompletableFuture<>();
        new Thread(() -> late.complete(timed.check(Deadline.after(Duration.ofMillis(600)))), "late").start();
        await().until(() -> hanging.get() == before + 1 && timed.remaining().isZero());
        return late;
    }

    private void hangs(String step) {
        database.on(step, args -> {
            hanging.incrementAndGet();
            released.await();
            return switch (step) {
                case "isValid" -> true;
                case "getNetworkTimeout" -> 0;
                case "isReadOnly", "statement.execute" -> false;
                default -> null;
            };
        });
    }

    private HikariDataSource pool(int size) {
        return pool(size, config -> {});
    }

    private HikariDataSource pool(int size, Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(size);
        config.setInitializationFailTimeout(-1);
        settings.accept(config);
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return pool;
    }
}
