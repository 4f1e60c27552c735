package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.FakeDatabase.failing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What servers say that let nobody in, as their drivers and the pools before them pass it on. */
class RefusalsTest {
    /** As the manuals of the servers and the sources of the drivers have them. */
    static final List<SQLException> REFUSED_ACCOUNTS = List.of(
            new SQLException("FATAL: role \"app\" is not permitted to log in", "28000"),
            new SQLException("FATAL: password authentication failed for user \"app\"", "28P01"),
            new SQLException("FATAL: permission denied for database \"orders\"", "42501"),
            new SQLException("The server requested SCRAM-based authentication, but no password was provided.", "08004"),
            new SQLSyntaxErrorException("Access denied for user 'app'@'%' to database 'orders'", "42000", 1044),
            new SQLException("Access denied for user 'app'@'%' (using password: YES)", "28000", 1045),
            new SQLException("Host '10.0.0.1' is not allowed to connect to this server", "HY000", 1130),
            new SQLException("Client does not support authentication protocol requested by server", "08004", 1251),
            new SQLException("Access denied for user 'app'@'%'", "28000", 1698),
            new SQLException("You must SET PASSWORD before executing this statement", "HY000", 1820),
            new SQLException("You must SET PASSWORD before executing this statement", "S1000", 1820),
            new SQLException("Your password has expired", "HY000", 1862),
            new SQLException("Your password has expired", "S1000", 1862),
            new SQLException("Access denied for user 'app'@'%'. Account is locked.", "HY000", 3118),
            new SQLException("Connections using insecure transport are prohibited", "HY000", 3159),
            new SQLException("Access denied for user 'app'@'%'. Account is blocked for 1 day(s)", "HY000", 3955),
            new SQLException("User is blocked because of too many credential errors", "HY000", 4150),
            new SQLException("Access denied, this account is locked", "HY000", 4151),
            new SQLException("Cannot open database \"orders\" requested by the login.", "S0001", 4060),
            new SQLException("Cannot open user default database. Login failed.", "S0001", 4064),
            new SQLException("Login failed for user 'app'. The account is locked out.", "S0001", 15113),
            new SQLException("Login failed. The login is from an untrusted domain", "S0001", 18452),
            new SQLException("Login failed for user 'app'.", "S0001", 18456),
            new SQLException("Login failed for user 'app'.", "08001", 18456), // xopenStates
            new SQLException("Login failed for user 'app'. Reason: The account is disabled.", "S0001", 18470),
            new SQLException("Login failed for user 'app' because the account is locked out.", "S0001", 18486),
            new SQLException("Login failed for user 'app'. The password has expired.", "S0001", 18487),
            new SQLException("Login failed for user 'app'. The password must be changed.", "S0001", 18488),
            new SQLException("ORA-01005: null password given; logon denied", "72000", 1005),
            new SQLException("ORA-01017: invalid credential or not authorized; logon denied", "72000", 1017),
            new SQLException("ORA-01045: Login denied. User APP does not have CREATE SESSION", "72000", 1045),
            new SQLException("ORA-28000: The account is locked; login denied.", "99999", 28000),
            new SQLException("ORA-28001: The account has expired.", "99999", 28001),
            new SQLException("ORA-28051: The account is locked.", "99999", 28051));

    private static final List<Function<SQLException, Exception>> WRAPPERS = List.of(
            refused -> refused,
            RefusalsTest::asHikariDoes,
            refused -> new SQLException("Cannot create PoolableConnectionFactory (refused)", refused),
            refused -> new SQLException("An attempt by a client to checkout a Connection has timed out.", refused),
            refused ->
                    new SQLException("pool", "HY000", new IllegalStateException(new SQLException("timeout", refused))),
            RefusalsTest::asNext,
            RefusalsTest::asSuppressed,
            RefusalsTest::inACircle);

    private final FakeDatabase database = new FakeDatabase();
    private final AtomicLong now = new AtomicLong();
    private final JdbcHealthCheck check =
            JdbcHealthCheck.of(database.dataSource()).ticker(now::get);

    @ParameterizedTest
    @FieldSource("REFUSED_ACCOUNTS")
    void a_refused_account_is_auth_however_a_pool_wraps_it(SQLException refused) {
        for (Function<SQLException, Exception> wrapper : WRAPPERS) {
            database.on("borrow", failing(wrapper.apply(refused)));

            assertThat(JdbcHealthCheck.of(database.dataSource()).check().reason())
                    .as(wrapper.apply(refused).toString())
                    .isEqualTo("auth");
        }
    }

    @ParameterizedTest
    @FieldSource("REFUSED_ACCOUNTS")
    void after_a_refused_account_no_login_is_tried_for_a_while(SQLException refused) {
        database.on("borrow", failing(asHikariDoes(refused)));
        assertThat(check.check().reason()).isEqualTo("auth");
        database.on("borrow", args -> null);

        assertThat(check.check().reason()).isEqualTo("auth");
        now.addAndGet(10_000_000_000L);
        assertThat(check.check().status()).isEqualTo(Status.UP);
    }

    @ParameterizedTest
    @CsvSource({
        "FATAL: password authentication failed, auth",
        "FATAL: SASL authentication failed, auth",
        "FATAL: PAM authentication failed, auth",
        "FATAL: no such user, auth",
        "FATAL: login rejected, auth",
        "FATAL: not allowed, auth",
        "'FATAL: role \"app\" does not exist', auth",
        "'FATAL: role \"app\" is not permitted to log in', auth",
        "'FATAL: permission denied for database \"orders\"', auth",
        "'FATAL: no pg_hba.conf entry for host \"10.0.0.1\", user \"app\"', auth",
        "'FATAL: pg_hba.conf rejects connection for host \"10.0.0.1\", user \"app\"', auth",
        "'FATAL: server login has been failing, cached error: password authentication failed', auth",
        "FATAL: no such database: orders, no-database",
        "'FATAL: database \"orders\" does not exist', no-database",
        "FATAL: no more connections allowed (max_client_conn), too-many-connections",
        "FATAL: client connections exceeded (max_db_client_connections), too-many-connections",
        "'FATAL: too many connections for role \"app\"', too-many-connections",
        "'FATAL: sorry, too many clients already', too-many-connections",
        "FATAL: remaining connection slots are reserved for roles with privileges, too-many-connections",
        "'FATAL: server login has been failing, try again later (server_login_retry)', unreachable",
        "'FATAL: server login has been failing, cached error: connect failed', unreachable",
        "FATAL: query_wait_timeout, unreachable",
        "'FATAL: database \"orders\" is disabled', unreachable",
        "FATAL: server conn crashed?, unreachable"
    })
    void pgbouncer_is_understood_by_its_words(String text, String reason) {
        for (Function<SQLException, Exception> wrapper : WRAPPERS) {
            database.on("borrow", failing(wrapper.apply(new SQLException(text, "08P01"))));

            assertThat(JdbcHealthCheck.of(database.dataSource()).check().reason())
                    .isEqualTo(reason);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'FATAL: too many connections for role \"app\"', 53300, 0, too-many-connections",
        "FATAL: no more connections allowed (max_client_conn), 08P01, 0, too-many-connections",
        "Too many connections, 08004, 1040, too-many-connections",
        "User app has exceeded the 'max_user_connections' resource, 42000, 1226, too-many-connections",
        "'FATAL: database \"orders\" does not exist', 3D000, 0, no-database",
        "Unknown database 'orders', 42000, 1049, no-database",
        "Host '10.0.0.1' is blocked because of many connection errors, HY000, 1129, unreachable",
        "Connection refused, 08001, 0, unreachable",
        "'FATAL: the database system is starting up', 57P03, 0, unreachable",
        "Can't find file, HY000, 1017, unreachable", // the number is Oracle's, the state is not
        "ORA-01033: initialization or shutdown in progress, 08006, 1033, unreachable",
        "Login failed. Server is in script upgrade mode., S0001, 18401, unreachable"
    })
    void other_failures_to_connect_are_tried_again_at_once(String text, String state, int number, String reason) {
        database.on("borrow", failing(asHikariDoes(new SQLException(text, state, number))));
        assertThat(check.check().reason()).isEqualTo(reason);
        database.on("borrow", args -> null);

        assertThat(check.check().status()).isEqualTo(Status.UP);
    }

    @ParameterizedTest
    @CsvSource({
        "permission denied for table orders, 42501, 0",
        "USE command denied, 42000, 1044",
        "INTO OUTFILE without the right FILE, 28000, 1045",
        "User app has exceeded the 'max_questions' resource, 42000, 1226",
        "SET SESSION AUTHORIZATION, 28000, 0",
        "ORA-01017 of a database link, 72000, 1017",
        "18456 of a linked server, S0001, 18456"
    })
    void what_the_query_may_not_do_is_about_the_query(String text, String state, int number) {
        database.on("statement.execute", failing(new SQLException(text, state, number)));

        CheckResult result = check.query("SELECT 1").check();

        assertThat(result.reason()).isEqualTo("query-failed");
        assertThat(result.details()).containsEntry("sqlState", state);
    }

    @Test
    void an_expired_password_that_was_let_in_is_auth_without_a_pause_because_the_login_was_not_refused() {
        JdbcHealthCheck asks = check.query("SELECT 1");
        for (SQLException refused : List.of(
                new SQLException("You must SET PASSWORD before executing this statement", "HY000", 1820),
                new SQLException("FATAL: password authentication failed for user \"app\"", "08P01"))) {
            database.on("statement.execute", failing(refused));
            assertThat(asks.check().reason()).isEqualTo("auth");
            database.on("statement.execute", args -> false);

            assertThat(asks.check().status()).isEqualTo(Status.UP);
        }
    }

    @Test
    void a_login_that_a_lazy_source_tries_with_the_first_call_is_a_login() {
        database.on("getNetworkTimeout", failing(new SQLException("permission denied for database", "42501")));

        assertThat(check.check().reason()).isEqualTo("auth");
        assertThat(check.check().reason()).isEqualTo("auth");
        assertThat(database.borrows).hasValue(1);
    }

    @Test
    void the_next_exceptions_of_a_failed_query_do_not_make_its_connection_lost() {
        SQLException failure = new SQLException("no such table", "42P01");
        failure.setNextException(new SQLException("of an earlier host", "08001"));
        database.on("statement.execute", failing(failure));

        assertThat(check.query("SELECT 1").check().reason()).isEqualTo("query-failed");
    }

    private static SQLException asHikariDoes(SQLException refused) {
        SQLException wrapped = new SQLTransientConnectionException(
                "HikariPool-1 - Connection is not available, request timed out after 600ms (total=0, active=0)",
                refused.getSQLState(),
                refused);
        wrapped.setNextException(refused);
        return wrapped;
    }

    private static SQLException asNext(SQLException refused) {
        SQLException first = new SQLException("the first of two hosts", "08001");
        first.setNextException(refused);
        return first;
    }

    private static SQLException asSuppressed(SQLException refused) {
        SQLException last = new SQLException("without TLS", "08001");
        last.addSuppressed(refused);
        return last;
    }

    private static SQLException inACircle(SQLException refused) {
        SQLException outer = new SQLException("outer");
        SQLException middle = new SQLException("middle", outer);
        outer.initCause(middle);
        middle.setNextException(refused);
        middle.addSuppressed(outer);
        return outer;
    }
}
