package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckReport;
import dev.healthcheck.Status;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** MariaDB that refuses an account, as both drivers tell it. */
class MariaDbAccountsTest extends MariaDbTest {
    private static final String PASSWORD = "hunter2";

    @BeforeEach
    void createAccount() throws SQLException {
        server.administer(
                "CREATE OR REPLACE USER tenant IDENTIFIED BY '" + PASSWORD + "'", "GRANT ALL ON app.* TO tenant");
    }

    @AfterEach
    void mendAccounts() throws Exception {
        server.start();
        server.administer(
                "SET GLOBAL disconnect_on_expired_password = OFF",
                "SET GLOBAL max_password_errors = 4294967295",
                "DROP USER IF EXISTS tenant",
                "FLUSH PRIVILEGES");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "MARIADB; ALTER USER tenant ACCOUNT LOCK; HY000",
                "MYSQL_DRIVER; ALTER USER tenant ACCOUNT LOCK; HY000",
                "MARIADB; ALTER USER tenant PASSWORD EXPIRE; HY000",
                "MYSQL_DRIVER; ALTER USER tenant PASSWORD EXPIRE; S1000",
                "MARIADB; REVOKE ALL ON app.* FROM tenant; 42000",
                "MYSQL_DRIVER; REVOKE ALL ON app.* FROM tenant; 42000",
                "MARIADB; ALTER USER tenant REQUIRE SSL; 28000",
                "MYSQL_DRIVER; ALTER USER tenant IDENTIFIED BY 'other'; 28000"
            })
    void an_account_that_may_not_log_in_or_not_use_the_database_is_auth(Route route, String order, String state)
            throws Exception {
        server.administer("SET GLOBAL disconnect_on_expired_password = ON", order);

        CheckReport report = says("auth", JdbcHealthCheck.of(tenant(route)));

        assertThat(report.details()).containsEntry("sqlState", state);
        assertThat(report.status()).isEqualTo(Status.DOWN);
    }

    /** By default, MariaDB lets it in, and refuses every statement but SET PASSWORD. MySQL's driver makes some at once. */
    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "MYSQL_DRIVER"})
    void an_expired_password_that_the_server_lets_in_is_auth_as_soon_as_a_statement_runs(Route route) throws Exception {
        server.administer("ALTER USER tenant PASSWORD EXPIRE");
        JdbcHealthCheck check = JdbcHealthCheck.of(tenant(route));

        says("auth", check.query("SELECT 1"));
        says("auth", check.requireWritable());
    }

    @Test
    void a_login_that_was_not_refused_is_no_reason_for_a_pause() throws Exception {
        server.administer("ALTER USER tenant PASSWORD EXPIRE");
        JdbcHealthCheck check = JdbcHealthCheck.of(tenant(Route.MARIADB)).query("SELECT 1");
        says("auth", check);

        server.administer("ALTER USER tenant IDENTIFIED BY '" + PASSWORD + "'");

        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
    }

    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "MYSQL_DRIVER"})
    void an_account_that_is_blocked_after_wrong_passwords_is_auth(Route route) throws Exception {
        server.administer("SET GLOBAL max_password_errors = 1");
        says("auth", JdbcHealthCheck.of(source(route, "wrong")));

        CheckReport report = says("auth", JdbcHealthCheck.of(tenant(route)));

        assertThat(report.details()).containsEntry("sqlState", "HY000");
    }

    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "MYSQL_DRIVER"})
    void a_check_with_a_wrong_password_does_not_block_the_account(Route route) throws Exception {
        server.administer("SET GLOBAL max_password_errors = 3");
        JdbcHealthCheck wrong = JdbcHealthCheck.of(source(route, "wrong"));

        for (int i = 0; i < 20; i++) {
            assertThat(wrong.check(ample()).reason()).isEqualTo("auth");
        }

        assertThat(JdbcHealthCheck.of(tenant(route)).check(ample()).status()).isEqualTo(Status.UP);
    }

    @Test
    void what_a_statement_may_not_do_is_the_fault_of_the_query() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(tenant(Route.MARIADB));
        for (String refused :
                List.of("SELECT * FROM mysql.user", "USE mysql", "SELECT 1 INTO OUTFILE '/nowhere/of/ours'")) {
            says("query-failed", check.query(refused));
        }
        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
    }

    private DataSource tenant(Route route) throws Exception {
        return source(route, PASSWORD);
    }

    private DataSource source(Route route, String password) throws Exception {
        return PoolKind.PLAIN.open(PoolKind.Settings.of(route, server.port(), "tenant", password));
    }
}
