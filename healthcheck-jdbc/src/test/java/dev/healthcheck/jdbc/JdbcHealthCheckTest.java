package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.FakeDatabase.failing;
import static dev.healthcheck.jdbc.FakeDatabase.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdbcHealthCheckTest {
    private final FakeDatabase database = new FakeDatabase();

    @Test
    void bad_arguments_are_refused_by_name() {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource());

        assertThatNullPointerException()
                .isThrownBy(() -> JdbcHealthCheck.of(null))
                .withMessage("dataSource");
        assertThatNullPointerException().isThrownBy(() -> check.query(null)).withMessage("sql");
        assertThatNullPointerException()
                .isThrownBy(() -> check.query("SELECT 1", null))
                .withMessage("expected");
        assertThatNullPointerException()
                .isThrownBy(() -> check.downWhenExhaustedFor(null))
                .withMessage("duration");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check.query(" "))
                .withMessage("sql: \" \" (expected: not blank)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check.downWhenExhaustedFor(Duration.ofMillis(-1)))
                .withMessage("duration: PT-0.001S (expected: >= 0)");
    }

    @Test
    void an_option_changes_a_copy() throws Exception {
        JdbcHealthCheck plain =
                JdbcHealthCheck.of(database.on("isReadOnly", args -> true).dataSource());

        assertThat(plain.requireWritable().check().reason()).isEqualTo("read-only");
        assertThat(plain.check()).isSameAs(CheckResult.up());
    }

    @Test
    void in_liveness_it_is_refused_as_a_dependency() {
        try (HealthCheckRegistry health = HealthCheckRegistry.create()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> health.register(
                            "db", JdbcHealthCheck.of(database.dataSource()), o -> o.probes(Probe.LIVENESS)))
                    .withMessageContaining("no dependency in LIVENESS");
        }
    }

    @Test
    void a_driver_is_asked_in_whole_seconds_and_never_zero() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource());

        assertThat(check.check()).isSameAs(CheckResult.up());
        assertThat(check.check(Deadline.after(Duration.ofSeconds(3)))).isSameAs(CheckResult.up());

        assertThat(database.calls).contains("isValid(1)", "isValid(3)").doesNotContain("isValid(0)");
    }

    @Test
    void a_connection_goes_back_as_it_was_found() throws Exception {
        database.on("getNetworkTimeout", args -> 7777);

        assertThat(JdbcHealthCheck.of(database.dataSource()).check().status()).isEqualTo(Status.UP);

        assertThat(database.calls)
                .containsSubsequence("isValid(1)", "setNetworkTimeout(7777)", "close()")
                .doesNotContain("abort", "rollback()", "setAutoCommit(true)", "setAutoCommit(false)", "commit()");
        assertThat(database.open).hasValue(0);
    }

    @Test
    void each_question_to_a_connection_has_the_time_that_is_left_as_its_network_timeout() throws Exception {
        database.on("getAutoCommit", args -> false);

        assertThat(JdbcHealthCheck.of(database.dataSource())
                        .query("SELECT 1")
                        .check()
                        .reason())
                .isNull();
        assertThat(JdbcHealthCheck.of(database.dataSource()).check().reason()).isNull();

        List<String> calls = database.calls.stream()
                .filter(call -> !call.matches("get.*|statement.set.*"))
                .map(call -> call.replaceAll("[0-9]+", "N"))
                .toList();
        assertThat(calls)
                .containsSubsequence(
                        "setNetworkTimeout(N)",
                        "createStatement()",
                        "setNetworkTimeout(N)",
                        "statement.execute(SELECT N)")
                .containsSequence("setNetworkTimeout(N)", "rollback()")
                .containsSequence("setNetworkTimeout(N)", "setNetworkTimeout(N)", "isValid(N)");
    }

    @Test
    void postgresql_ends_a_query_by_itself_before_its_deadline_and_finds_autocommit_again() throws Exception {
        AtomicBoolean autoCommit = new AtomicBoolean(true);
        database.product("PostgreSQL").on("getAutoCommit", args -> autoCommit.get());
        database.on("setAutoCommit", args -> {
            autoCommit.set((Boolean) args[0]);
            return null;
        });

        assertThat(JdbcHealthCheck.of(database.dataSource())
                        .query("SELECT 1")
                        .check(Deadline.after(Duration.ofSeconds(1000)))
                        .reason())
                .isNull();

        assertThat(database.calls)
                .containsSubsequence("setAutoCommit(false)", "statement.execute(SELECT 1)", "rollback()", "close()")
                .containsSubsequence("rollback()", "setAutoCommit(true)", "close()");
        assertThat(database.calls.stream().filter(call -> call.contains("statement_timeout")))
                .singleElement()
                .asString()
                .matches("statement.execute\\(SET LOCAL statement_timeout = (765000|7649[0-9]{2})\\)");
    }

    @Test
    void one_row_is_all_that_is_asked_for() throws Exception {
        assertThat(JdbcHealthCheck.of(database.dataSource())
                        .query("SELECT 1")
                        .check()
                        .reason())
                .isNull();

        assertThat(database.calls).containsSubsequence("statement.setMaxRows(1)", "statement.execute(SELECT 1)");
    }

    @Test
    void a_stricter_network_timeout_is_left_alone() throws Exception {
        database.on("getNetworkTimeout", args -> 100);

        assertThat(JdbcHealthCheck.of(database.dataSource()).check().status()).isEqualTo(Status.UP);

        assertThat(database.calls).noneMatch(call -> call.startsWith("setNetworkTimeout"));
    }

    @Test
    void a_driver_without_network_timeout_is_asked_all_the_same() throws Exception {
        for (Throwable lack : new Throwable[] {
            new AbstractMethodError("getNetworkTimeout"),
            new SQLFeatureNotSupportedException(),
            new UnsupportedOperationException()
        }) {
            database.on("getNetworkTimeout", failing(lack));
            assertThat(JdbcHealthCheck.of(database.dataSource()).check()).isSameAs(CheckResult.up());

            database.on("getNetworkTimeout", args -> 0).on("setNetworkTimeout", failing(lack));
            assertThat(JdbcHealthCheck.of(database.dataSource()).check()).isSameAs(CheckResult.up());
        }
        assertThat(database.open).hasValue(0);
    }

    @Test
    void without_autocommit_the_transaction_is_ended() throws Exception {
        database.on("getAutoCommit", args -> false);

        assertThat(JdbcHealthCheck.of(database.dataSource()).check().status()).isEqualTo(Status.UP);

        assertThat(database.calls).containsSubsequence("isValid(1)", "rollback()", "close()");
    }

    @Test
    void a_dead_connection_is_invalid_and_aborted_before_it_is_closed() throws Exception {
        database.on("isValid", args -> false);

        assertThat(JdbcHealthCheck.of(database.dataSource()).check().reason()).isEqualTo("invalid");

        assertThat(database.calls).containsSubsequence("isValid(1)", "abort", "close()");
    }

    @Test
    void a_dead_connection_is_evicted_from_its_pool_before_the_next_borrower_can_get_it() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            Connection dead = physical(pool);
            database.on("isValid", args -> false);
            assertThat(JdbcHealthCheck.of(pool).check().reason()).isEqualTo("invalid");
            database.on("isValid", args -> true);

            assertThat(physical(pool)).isNotSameAs(dead);
        }
        await().untilAsserted(() -> assertThat(database.open).hasValue(0));
    }

    @Test
    void a_driver_that_can_neither_abort_nor_close_does_no_harm() throws Exception {
        database.on("isValid", args -> false)
                .on("abort", failing(new AbstractMethodError()))
                .on("close", failing(sql("08003")));

        assertThat(JdbcHealthCheck.of(database.dataSource()).check().reason()).isEqualTo("invalid");

        assertThat(database.open).hasValue(0);
    }

    @Test
    void whatever_the_driver_throws_the_connection_is_given_back() {
        for (Throwable bug : new Throwable[] {new IllegalStateException("bug"), new StackOverflowError("bug")}) {
            database.calls.clear();
            database.on("isValid", failing(bug));

            assertThatThrownBy(JdbcHealthCheck.of(database.dataSource())::check).isSameAs(bug);

            assertThat(database.calls).containsSubsequence("abort", "close()");
        }
        assertThat(database.open).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "08001, unreachable",
        "08S01, unreachable",
        "57P03, unreachable",
        "28000, auth",
        "28P01, auth",
        "3D000, no-database",
        "53300, too-many-connections",
        ", unreachable"
    })
    void no_connection_is_told_by_the_state_of_the_innermost_failure(String state, String reason) throws Exception {
        SQLException wrapped = new SQLException("pool", "HY000", sql(state));
        database.on("borrow", failing(new IllegalStateException(wrapped)));

        CheckResult result = JdbcHealthCheck.of(database.dataSource()).check();

        assertThat(result.reason()).isEqualTo(reason);
        assertThat(result.status()).isEqualTo(Status.DOWN);
        assertThat(result.details().get("sqlState")).isEqualTo(state == null ? "HY000" : state);
    }

    @Test
    void a_data_source_that_fails_for_a_reason_of_its_own_is_not_called_unreachable() {
        IllegalStateException bug = new IllegalStateException("no tenant");
        database.on("borrow", failing(bug));

        assertThatThrownBy(JdbcHealthCheck.of(database.dataSource())::check).isSameAs(bug);
    }

    @Test
    void a_query_that_loses_its_connection_is_not_to_blame() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource()).query("SELECT 1");

        database.on("createStatement", failing(sql("42P01")));
        assertThat(check.check().reason()).isEqualTo("query-failed");
        database.on("createStatement", failing(sql("08006")));
        assertThat(check.check().reason()).isEqualTo("unreachable");
        database.on("createStatement", failing(new SQLRecoverableException("closed")));
        assertThat(check.check().reason()).isEqualTo("unreachable");
        assertThat(database.open).hasValue(0);
    }

    @Test
    void a_query_that_fails_costs_no_connection_unless_that_is_lost() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource()).query("SELECT 1");
        database.on("getAutoCommit", args -> false).on("createStatement", failing(sql("42P01")));

        assertThat(check.check().reason()).isEqualTo("query-failed");
        assertThat(database.calls).containsSubsequence("createStatement()", "rollback()", "close()");
        assertThat(database.calls).doesNotContain("abort");

        database.calls.clear();
        database.on("isClosed", args -> true); // by the pool, for instance
        assertThat(check.check().reason()).isEqualTo("query-failed");
        assertThat(database.calls).containsSubsequence("createStatement()", "abort", "close()");
        assertThat(database.calls).doesNotContain("rollback()");
    }

    @Test
    void a_connection_that_cannot_be_put_back_as_found_is_not_given_back() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource()).query("SELECT 1");
        database.on("getAutoCommit", args -> false)
                .on("createStatement", failing(sql("42P01")))
                .on("rollback", failing(sql("08006")));

        assertThat(check.check().reason()).isEqualTo("unreachable");
        assertThat(database.calls).containsSubsequence("rollback()", "abort", "close()");
    }

    @Test
    void a_query_that_the_driver_or_the_server_ends_has_timed_out() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource()).query("SELECT 1");

        for (Throwable late : new Throwable[] {
            new SQLTimeoutException("too late"),
            sql("57014"),
            new SQLException("lost", "08006", new SocketTimeoutException("Read timed out"))
        }) {
            database.on("createStatement", failing(late));
            assertThat(check.check().reason()).isEqualTo("timeout");
        }
    }

    @Test
    void a_driver_that_may_need_a_connection_to_end_a_query_is_to_do_so_only_after_us() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource()).query("SELECT 1");

        assertThat(check.check(Deadline.after(Duration.ofSeconds(3)))).isSameAs(CheckResult.up());
        assertThat(database.calls).contains("statement.setQueryTimeout(4)");

        database.on("getNetworkTimeout", failing(new SQLFeatureNotSupportedException()));
        assertThat(check.check(Deadline.after(Duration.ofSeconds(3)))).isSameAs(CheckResult.up());
        assertThat(database.calls).contains("statement.setQueryTimeout(3)");
    }

    @Test
    void causes_in_a_circle_come_to_an_end() throws Exception {
        SQLException outer = new SQLException("outer");
        outer.initCause(new SQLException("inner", outer));
        database.on("borrow", failing(outer));

        assertThat(JdbcHealthCheck.of(database.dataSource()).check().reason()).isEqualTo("unreachable");
    }

    @Test
    void without_time_no_sound_connection_is_put_at_risk() throws Exception {
        CheckResult result = JdbcHealthCheck.of(database.dataSource()).check(Deadline.after(Duration.ofMillis(5)));

        assertThat(result.reason()).isEqualTo("timeout");
        assertThat(database.mostOpen).hasValue(0);
    }

    @Test
    void a_source_that_cannot_say_what_it_wraps_is_used_as_it_is() throws Exception {
        database.on("isWrapperFor", failing(new AbstractMethodError()));
        assertThat(JdbcHealthCheck.of(database.dataSource()).check()).isSameAs(CheckResult.up());

        database.on("isWrapperFor", failing(sql("0A000")));
        assertThat(JdbcHealthCheck.of(database.dataSource()).check()).isSameAs(CheckResult.up());
    }

    @Test
    void any_data_source_will_do() throws Exception {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:healthcheck");
        h2.setUser("sa");
        h2.setPassword("right");
        try (Connection keepsTheDatabase = h2.getConnection()) {
            assertThat(keepsTheDatabase.isValid(1)).isTrue();
            assertThat(JdbcHealthCheck.of(h2).check()).isSameAs(CheckResult.up());
            assertThat(JdbcHealthCheck.of(h2).requireWritable().check()).isSameAs(CheckResult.up());
            assertThat(JdbcHealthCheck.of(h2).query("SELECT 1").check()).isSameAs(CheckResult.up());
            assertThat(JdbcHealthCheck.of(h2)
                            .query("SELECT * FROM nowhere")
                            .check()
                            .reason())
                    .isEqualTo("query-failed");
            h2.setPassword("wrong");
            assertThat(JdbcHealthCheck.of(h2).check().reason()).isEqualTo("auth");
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "SELECT 1, 1, null",
                "VALUES true, TRUE, null",
                "VALUES 2, 1, 'the query should find \"1\", not \"2\"'",
                "VALUES NULL, 1, 'the query should find \"1\", not nothing'",
                "SELECT 1 WHERE false, 1, 'the query should find \"1\", not nothing'",
                "SET @found = 1, 1, 'the query should find \"1\", not nothing'"
            })
    void what_a_query_finds_is_compared_to_the_letter(String query, String expected, @Nullable String message)
            throws Exception {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:");

        CheckResult result = JdbcHealthCheck.of(h2).query(query, expected).check();

        assertThat(result.message()).isEqualTo(message);
        assertThat(result.reason()).isEqualTo(message == null ? null : "query-failed");
        assertThat(result.status()).isEqualTo(message == null ? Status.UP : Status.DOWN);
    }

    private static Connection physical(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return connection.unwrap(Connection.class);
        }
    }
}
