package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens, the application has afterwards what it had before. */
class PostgresLeavesNothingTest extends PostgresTest {

    @Test
    void a_thousand_checks_with_faults_leave_pool_and_server_as_they_were() throws Exception {
        leavesAllAsItWas(1_000, 4);
    }

    @Test
    @Tag("slow")
    void ten_thousand_checks_with_faults_leave_pool_and_server_as_they_were() throws Exception {
        leavesAllAsItWas(10_000, 10);
    }

    private void leavesAllAsItWas(int number, int faults) throws Exception {
        int each = number / faults;
        HikariDataSource pool = pool(3, config -> config.addDataSourceProperty("ApplicationName", "thousands"));
        HikariPoolMXBean gauges = pool.getHikariPoolMXBean();
        await().until(() -> gauges.getIdleConnections() == 3);
        JdbcHealthCheck sound = JdbcHealthCheck.of(pool).requireWritable();
        List<JdbcHealthCheck> up = List.of(sound, JdbcHealthCheck.of(pool), sound.query("SELECT 1", "1"));
        List<JdbcHealthCheck> down = List.of(sound.query("SELECT nothing"), sound.query("SELECT 1", "2"));

        AtomicInteger mostActive = new AtomicInteger();

        try (Threads looking = new Threads("most-active", 1, () -> look(gauges, mostActive))) {
            for (int i = 0; i < number; i++) {
                boolean failing = i % 10 == 9;
                List<JdbcHealthCheck> checks = failing ? down : up;
                assertThat(checks.get(i / 10 % checks.size()).check(ample()).status())
                        .isEqualTo(failing ? Status.DOWN : Status.UP);
                assertThat(gauges.getActiveConnections()).isZero();
                if (i % each == each / 2) {
                    breakAndMend(i / each, sound);
                    awaitGivenBack(pool);
                    awaitUp(sound);
                }
            }
            assertThat(looking.rounds).hasPositiveValue();
        }
        assertThat(mostActive).hasValue(1);

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(gauges.getTotalConnections()).isEqualTo(3);
            assertThat(gauges.getIdleConnections()).isEqualTo(3);
            assertThat(gauges.getThreadsAwaitingConnection()).isZero();
            assertThat(sessions("thousands", "state = 'idle'")).isEqualTo(3);
            assertThat(sessions("thousands", "true")).isEqualTo(3);
        });
    }

    private static void look(HikariPoolMXBean gauges, AtomicInteger most) {
        most.accumulateAndGet(gauges.getActiveConnections(), Math::max);
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
    }

    private void breakAndMend(int kind, JdbcHealthCheck check) throws Exception {
        switch (kind % 4) {
            case 0 -> killSessions("thousands");
            case 1 -> {
                server.stop();
                assertThat(inTime("stopped", check).status()).isEqualTo(Status.DOWN);
                server.start();
            }
            case 2 -> {
                server.freeze();
                assertThat(inTime("frozen", check).status()).isEqualTo(Status.DOWN);
                server.thaw();
            }
            default -> says("timeout", "slow", check.query("SELECT pg_sleep(5)"));
        }
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
            assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
            assertThat(sessions("no-autocommit", "state LIKE 'idle in transaction%'"))
                    .isZero();
        }
        try (Connection connection = pool.getConnection()) {
            assertThat(connection.getAutoCommit()).isFalse();
        }
    }

    /** Without a pool that would itself put back what we have left. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_session_is_as_it_was(boolean autoCommit) throws Exception {
        try (Connection session = plain("session").getConnection()) {
            session.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            session.setSchema("pg_catalog");
            session.setReadOnly(true);
            session.setNetworkTimeout(Runnable::run, 12_345);
            session.setAutoCommit(autoCommit);

            UnchangedAfterEachOutcome.ofTimeout(session, "SELECT pg_sleep(8)");

            session.setNetworkTimeout(Runnable::run, 0);
            UnchangedAfterEachOutcome.of(session);
            assertThat(sessions("session", "state = 'idle'")).isEqualTo(1);
            assertThat(number(session, "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'"))
                    .isZero();
        }
    }

    @Test
    void a_connection_is_given_back_once_whatever_any_call_throws() {
        Observed source = new Observed(plain("failing"));
        JdbcHealthCheck check = JdbcHealthCheck.of(source.dataSource());

        EveryCall.failsWithoutALeak(
                source, check.query("SELECT 1", "1").requireWritable().patience(Duration.ofSeconds(2)));

        await().untilAsserted(() -> assertThat(sessions("failing", "true")).isZero());
    }

    @Test
    void a_plain_data_source_lends_one_connection_at_a_time_and_gets_each_back() throws Exception {
        FakeDatabase counter = new FakeDatabase();
        JdbcHealthCheck check = JdbcHealthCheck.of(counter.counting(plain("counted")));
        for (int i = 0; i < 20; i++) {
            assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
        }
        assertThat(check.query("SELECT nothing").check(ample()).reason()).isEqualTo("query-failed");
        assertThat(check.requireWritable().check(ample()).status()).isEqualTo(Status.UP);
        server.stop();
        says("unreachable", "stopped, plain source", check);
        server.start();
        awaitUp(check);

        assertThat(counter.open).hasValue(0);
        assertThat(counter.mostOpen).hasValue(1);
        await().untilAsserted(() -> assertThat(sessions("counted", "true")).isZero());
    }
}
