package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
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
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
        assertThatNullPointerException().isThrownBy(() -> check.patience(null)).withMessage("duration");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check.patience(Duration.ZERO))
                .withMessage("duration: PT0S (expected: > 0)");
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
        assertUp(plain);
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

    @ParameterizedTest
    @CsvSource({"0, , 0", "1500, , 2", "12000, , 12", "0, 3000, 3", "1500, 3000, 2", "7777, 2500, 3"})
    void a_driver_is_told_the_network_timeout_that_holds_in_whole_seconds(
            int present, @Nullable Integer patience, int seconds) {
        database.on("getNetworkTimeout", args -> present);
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource());

        assertUp(patience == null ? check : check.patience(Duration.ofMillis(patience)));

        assertThat(database.calls).contains("isValid(" + seconds + ")");
    }

    @Test
    void without_a_patience_nothing_of_the_connection_is_changed() {
        database.on("getNetworkTimeout", args -> 7777);

        assertUp(JdbcHealthCheck.of(database.dataSource()).query("SELECT 1"));

        assertThat(database.calls)
                .containsSubsequence("isValid(8)", "statement.execute(SELECT 1)", "close()")
                .noneMatch(call -> call.startsWith("set"))
                .doesNotContain("abort", "rollback()", "commit()");
        assertThat(database.open).hasValue(0);
    }

    @Test
    void a_query_may_take_a_second_longer_than_its_own_timeout_before_the_patience_ends() {
        database.on("getAutoCommit", args -> false).on("getNetworkTimeout", args -> 30_000);
        JdbcHealthCheck check =
                JdbcHealthCheck.of(database.dataSource()).query("SELECT 1").patience(Duration.ofSeconds(2));

        assertUp(check);

        assertThat(database.calls)
                .containsSubsequence(
                        "setNetworkTimeout(2000)",
                        "isValid(2)",
                        "setNetworkTimeout(6000)",
                        "statement.execute(SELECT 1)",
                        "setNetworkTimeout(2000)",
                        "rollback()",
                        "setNetworkTimeout(30000)",
                        "close()");

        database.calls.clear();
        assertUp(check.patience(Duration.ofSeconds(20)));
        assertThat(database.calls.stream().filter(call -> call.startsWith("set")))
                .containsExactly("setNetworkTimeout(20000)", "setNetworkTimeout(30000)");
    }

    @Test
    void postgresql_is_told_no_more_than_the_query() {
        database.product("PostgreSQL");

        assertUp(JdbcHealthCheck.of(database.dataSource()).query("SELECT 1"));

        assertThat(database.calls.stream().filter(call -> call.startsWith("statement.execute")))
                .containsExactly("statement.execute(SELECT 1)");
        assertThat(database.calls).noneMatch(call -> call.startsWith("setAutoCommit"));
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
    void a_stricter_network_timeout_is_left_alone() {
        database.on("getNetworkTimeout", args -> 100);

        assertUp(JdbcHealthCheck.of(database.dataSource()).query("SELECT 1").patience(Duration.ofSeconds(2)));

        assertThat(database.calls).noneMatch(call -> call.startsWith("setNetworkTimeout"));
    }

    @Test
    void a_driver_without_network_timeout_is_asked_all_the_same() {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource()).patience(Duration.ofSeconds(2));
        for (Throwable lack : new Throwable[] {
            new AbstractMethodError("getNetworkTimeout"),
            new SQLFeatureNotSupportedException(),
            new SQLException("Method not supported"),
            new SQLException("getNetworkTimeout() is not supported"),
            new UnsupportedOperationException()
        }) {
            database.on("getNetworkTimeout", failing(lack));
            assertUp(check);

            database.on("getNetworkTimeout", args -> 0).on("setNetworkTimeout", failing(lack));
            assertUp(check);
        }
        assertThat(database.open).hasValue(0);
    }

    @Test
    void without_autocommit_the_transaction_is_ended() throws Exception {
        database.on("getAutoCommit", args -> false);

        assertThat(JdbcHealthCheck.of(database.dataSource()).check().status()).isEqualTo(Status.UP);

        assertThat(database.calls).containsSubsequence("isValid(0)", "rollback()", "close()");
    }

    @Test
    void dead_connections_are_shown_to_the_pool_by_a_statement_and_given_back_until_there_were_eleven() {
        database.on("isValid", args -> false);

        CheckResult result = JdbcHealthCheck.of(database.dataSource()).check(ample());

        assertThat(result.reason()).isEqualTo("invalid");
        assertThat(result.message())
                .isEqualTo(
                        "all 11 connections that were lent are dead; let the pool test connections when it lends them");
        assertThat(result.details()).containsEntry("discarded", 10);
        assertThat(database.calls)
                .containsSubsequence("isValid(0)", "statement.execute(SELECT 1)", "close()", "isValid(0)")
                .doesNotContain("abort", "rollback()");
        assertThat(database.mostOpen).hasValue(1);
        assertThat(database.open).hasValue(0);
    }

    @Test
    void a_dead_connection_is_evicted_from_its_pool_before_the_next_borrower_can_get_it() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            Connection dead = physical(pool);
            database.on("isValid", args -> false);
            assertThat(JdbcHealthCheck.of(pool).check(ample()).reason()).isEqualTo("invalid");
            database.on("isValid", args -> true);

            assertThat(physical(pool)).isNotSameAs(dead);
        }
        await().untilAsserted(() -> assertThat(database.open).hasValue(0));
    }

    @Test
    void a_dead_connection_that_cannot_be_closed_is_invalid_all_the_same() {
        database.on("isValid", args -> false).on("close", failing(sql("08003")));

        assertThat(JdbcHealthCheck.of(database.dataSource()).check(ample()).reason())
                .isEqualTo("invalid");

        assertThat(database.open).hasValue(0);
    }

    @Test
    void whatever_the_driver_throws_the_connection_is_given_back() {
        for (Throwable bug : new Throwable[] {new IllegalStateException("bug"), new StackOverflowError("bug")}) {
            database.calls.clear();
            database.on("isValid", failing(bug));

            assertThatThrownBy(JdbcHealthCheck.of(database.dataSource())::check).isSameAs(bug);

            assertThat(database.calls).contains("close()").doesNotContain("abort");
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
        assertThat(database.calls).containsSubsequence("createStatement()", "close()");
        assertThat(database.calls).doesNotContain("rollback()", "abort");
    }

    @Test
    void a_connection_that_cannot_be_put_back_as_found_makes_a_failure_and_goes_back_all_the_same() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource()).query("SELECT 1");
        database.on("getAutoCommit", args -> false)
                .on("createStatement", failing(sql("42P01")))
                .on("rollback", failing(sql("08006")));

        assertThat(check.check().reason()).isEqualTo("query-failed");
        database.on("createStatement", args -> null);
        assertThat(JdbcHealthCheck.of(database.dataSource()).check().reason()).isEqualTo("unreachable");
        assertThat(database.calls).containsSubsequence("rollback()", "close()").doesNotContain("abort");
        assertThat(database.open).hasValue(0);
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
    void a_query_has_five_seconds_and_its_statement_afterwards_what_it_had_before() {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource()).query("SELECT 1");

        database.on("statement.getQueryTimeout", args -> 30);
        assertUp(check);
        assertThat(database.calls)
                .containsSubsequence(
                        "statement.setQueryTimeout(5)",
                        "statement.execute(SELECT 1)",
                        "statement.setQueryTimeout(30)",
                        "statement.close()");

        database.calls.clear();
        database.on("statement.getQueryTimeout", args -> 2);
        assertUp(check);
        assertThat(database.calls).noneMatch(call -> call.startsWith("statement.setQueryTimeout"));
    }

    static Stream<SQLException> timeoutsOfPools() {
        return Stream.of(
                new SQLTransientConnectionException(
                        "HikariPool-1 - Connection is not available, request timed out after 30000ms."),
                new SQLException(
                        "Cannot get a connection, pool error Timeout waiting for idle object",
                        new NoSuchElementException("Timeout waiting for idle object")),
                new SQLException("An attempt by a client to checkout a Connection has timed out."),
                new SQLException("[main] Timeout: Pool empty. Unable to fetch a connection in 30 seconds"),
                new SQLException("[main] Timeout: Pool empty. Unable to fetch a connection in 30 seconds", "HY000"),
                new SQLException("Sorry, acquisition timeout!"),
                new GetConnectionTimeoutException("wait millis 1000, active 5, maxActive 5, creating 0"),
                new SQLTimeoutException("no connection", "VI001"));
    }

    /** Druid's has this name and no other sign. */
    private static final class GetConnectionTimeoutException extends SQLException {
        private static final long serialVersionUID = 1;

        GetConnectionTimeoutException(String message) {
            super(message);
        }
    }

    @ParameterizedTest
    @MethodSource("timeoutsOfPools")
    void a_pool_that_gave_up_without_a_cause_does_not_accuse_the_database(SQLException failure) {
        JdbcHealthCheck check = JdbcHealthCheck.of(database.dataSource());

        database.on("borrow", failing(failure));
        assertThat(check.check().reason()).isEqualTo("timeout");

        database.on("borrow", failing(new SQLException(failure.getMessage(), new ConnectException("refused"))));
        assertThat(check.check().reason()).isEqualTo("unreachable");
        database.on("borrow", failing(new SQLException(failure.getMessage(), sql("08001"))));
        assertThat(check.check().reason()).isEqualTo("unreachable");
        database.on("borrow", failing(new SQLException(failure.getMessage(), sql("28000"))));
        assertThat(check.check().reason()).isEqualTo("auth");
    }

    @Test
    void a_connection_that_was_lent_closed_is_followed_by_the_next() {
        AtomicInteger lent = new AtomicInteger();
        database.on("getNetworkTimeout", args -> {
            if (lent.incrementAndGet() <= 2) {
                throw sql("08003");
            }
            return 0;
        });

        CheckResult result = JdbcHealthCheck.of(database.dataSource()).check(ample());

        assertThat(result.status()).isEqualTo(Status.UP);
        assertThat(result.details()).containsEntry("discarded", 2);
        assertThat(database.open).hasValue(0);
    }

    @Test
    void a_driver_that_says_no_only_after_a_while_has_had_no_answer() {
        database.on("isValid", args -> {
            Thread.sleep(600); // a quarter of the time, or more
            return false;
        });

        CheckResult result = JdbcHealthCheck.of(database.dataSource()).check(Deadline.after(Duration.ofSeconds(2)));

        assertThat(result.reason()).isEqualTo("unreachable");
        assertThat(database.borrows).hasValue(1);
    }

    @Test
    void dead_connections_are_looked_through_while_half_of_the_time_is_left() {
        database.on("isValid", args -> false).on("borrow", args -> {
            Thread.sleep(700); // so the third one comes in the second half, if not the first
            return null;
        });

        CheckResult result = JdbcHealthCheck.of(database.dataSource()).check(Deadline.after(Duration.ofSeconds(4)));

        assertThat(result.reason()).isEqualTo("invalid");
        assertThat(database.borrows.get()).isLessThanOrEqualTo(3); // of 11
    }

    @Test
    void the_database_is_named_in_the_details() {
        CheckResult result =
                JdbcHealthCheck.of(database.product("Fancy").dataSource()).check();
        assertThat(result.details()).containsEntry("database", "Fancy Fancy");

        database.on("getMetaData", failing(new SQLFeatureNotSupportedException()));
        assertUp(JdbcHealthCheck.of(database.dataSource()));
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
        assertUp(JdbcHealthCheck.of(database.dataSource()));

        database.on("isWrapperFor", failing(sql("0A000")));
        assertUp(JdbcHealthCheck.of(database.dataSource()));
    }

    @Test
    void any_data_source_will_do() throws Exception {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:healthcheck");
        h2.setUser("sa");
        h2.setPassword("right");
        try (Connection keepsTheDatabase = h2.getConnection()) {
            assertThat(keepsTheDatabase.isValid(1)).isTrue();
            assertUp(JdbcHealthCheck.of(h2));
            assertUp(JdbcHealthCheck.of(h2).requireWritable());
            assertUp(JdbcHealthCheck.of(h2).query("SELECT 1"));
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

    private static void assertUp(JdbcHealthCheck check) {
        assertThat(check.check().status()).isEqualTo(Status.UP);
    }

    private static Connection physical(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return connection.unwrap(Connection.class);
        }
    }
}
