package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.FakeDatabase.failing;
import static dev.healthcheck.jdbc.FakeDatabase.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A refused login is not repeated each second: some accounts are locked after a few. */
class LoginBackOffTest {
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger logins = new AtomicInteger();
    private final FakeDatabase database = new FakeDatabase();

    @Test
    void a_source_is_left_alone_for_10_s_then_20_40_and_60() {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource()).ticker(now::get);
        refuse();

        int expected = 0;
        for (int seconds : new int[] {10, 20, 40, 60, 60}) {
            assertThat(check.check().reason()).isEqualTo("auth");
            assertThat(logins).hasValue(++expected);
            now.addAndGet(TimeUnit.SECONDS.toNanos(seconds) - 1);
            CheckResult repeated = check.check();
            assertThat(repeated.reason()).isEqualTo("auth");
            assertThat(repeated.details()).containsEntry("sqlState", "28P01");
            assertThat(logins).hasValue(expected);
            now.incrementAndGet();
        }
        accept();
        assertThat(check.check().status()).isEqualTo(Status.UP);
        refuse();
        assertThat(check.check().reason()).isEqualTo("auth");
        now.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(check.check().reason()).isEqualTo("auth");
        assertThat(logins).hasValue(expected + 3);
    }

    @Test
    void other_failures_are_no_reason_for_a_pause() {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource()).ticker(now::get);
        database.on("borrow", failing(sql("08001")));

        assertThat(check.check().reason()).isEqualTo("unreachable");
        accept();
        assertThat(check.check().status()).isEqualTo(Status.UP);
    }

    @Test
    void a_hikari_pool_is_not_asked_to_log_in_and_afterwards_only_for_a_moment() {
        try (HikariDataSource pool = pool()) {
            JdbcHealthCheck check = JdbcHealthCheck.of(pool).ticker(now::get);
            refuse();
            awaitAuth(check);
            int first = logins.get();

            for (int i = 0; i < 50; i++) {
                assertThat(check.check().reason()).isEqualTo("auth");
            }
            assertThat(logins).hasValueLessThanOrEqualTo(first + 1); // one may have been under way
            int before = logins.get();

            now.addAndGet(TimeUnit.SECONDS.toNanos(10));
            assertThat(check.check(Deadline.after(Duration.ofMinutes(1))).reason())
                    .isEqualTo("auth");
            assertThat(logins.get() - before).isLessThanOrEqualTo(8); // in 45 s there would be a dozen
            await().until(() -> logins.get() > before);
        }
    }

    @Test
    void a_hikari_pool_that_has_a_connection_ends_the_pause() throws Exception {
        try (HikariDataSource pool = pool()) {
            JdbcHealthCheck check = JdbcHealthCheck.of(pool).ticker(now::get);
            refuse();
            awaitAuth(check);
            accept();
            assertThat(check.check().reason()).isEqualTo("auth");

            try (Connection ofTheApplication = pool.getConnection()) {
                assertThat(ofTheApplication.isValid(1)).isTrue();
            }

            assertThat(check.check().status()).isEqualTo(Status.UP);
        }
    }

    @Test
    void run_now_ends_the_pause_and_a_question_does_not() {
        try (HealthCheckRegistry health = HealthCheckRegistry.create()) {
            JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource()).ticker(now::get);
            Registration registration = health.register("db", check, o -> o.cacheFor(Duration.ZERO));
            refuse();
            assertThat(health.check("db").orElseThrow().reason()).isEqualTo("auth");
            accept();
            assertThat(health.check("db").orElseThrow().reason()).isEqualTo("auth");

            assertThat(registration.runNow().status()).isEqualTo(Status.UP);

            assertThat(health.check("db").orElseThrow().status()).isEqualTo(Status.UP);
        }
    }

    /** A pool logs in on a thread of its own, which may come too late for a run. */
    private static void awaitAuth(JdbcHealthCheck check) {
        await().until(() -> "auth".equals(check.check().reason()));
    }

    private void refuse() {
        database.on("borrow", args -> {
            logins.incrementAndGet();
            throw sql("28P01");
        });
    }

    private void accept() {
        database.on("borrow", args -> {
            logins.incrementAndGet();
            return null;
        });
    }

    private HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}
