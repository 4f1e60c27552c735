package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckReport;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The server is there and does not let us in, or not far enough. */
class PostgresAccessFaultsTest extends PostgresTest {
    private static final String PASSWORD = "hunter2";

    private final List<Connection> others = new ArrayList<>();

    @BeforeEach
    void createTenant() throws SQLException {
        sql("CREATE ROLE tenant LOGIN PASSWORD '" + PASSWORD + "'", "CREATE DATABASE tenants OWNER tenant");
    }

    @AfterEach
    void dropTenant() throws Exception {
        closeOthers();
        server.start();
        sql("DROP DATABASE IF EXISTS tenants WITH (FORCE)", "DROP ROLE tenant");
    }

    @Test
    void a_wrong_password_is_auth_until_it_is_right() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(filledPool());
        awaitUp(check);
        sql("ALTER ROLE tenant PASSWORD 'changed'");
        killSessions("tenant");

        awaitReason("auth", check);
        for (int i = 0; i < 3; i++) {
            CheckReport result = says("auth", "wrong password", check);
            assertThat(result.details()).containsEntry("sqlState", "28P01");
        }

        sql("ALTER ROLE tenant PASSWORD '" + PASSWORD + "'");
        awaitUp(check);
    }

    @Test
    void a_pool_that_starts_with_its_first_connection_is_told_that_the_password_is_wrong() throws Exception {
        HikariDataSource lazy = lazyPool();
        lazy.setPassword("wrong");
        JdbcHealthCheck check = JdbcHealthCheck.of(lazy);

        assertThat(inTime("wrong password, lazy pool", check).status()).isEqualTo(Status.DOWN);
        awaitReason("auth", check);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "ALTER ROLE tenant NOLOGIN; 28000",
                "ALTER ROLE tenant VALID UNTIL '2001-01-01'; 28P01",
                "REVOKE CONNECT ON DATABASE tenants FROM public, tenant; 42501"
            })
    void an_account_that_may_not_log_in_or_not_connect_is_auth_until_it_may(String order, String state)
            throws Exception {
        sql(order);
        JdbcHealthCheck plain = JdbcHealthCheck.of(plainTenant());

        assertThat(says("auth", order, plain).details()).containsEntry("sqlState", state);
        JdbcHealthCheck pooled = JdbcHealthCheck.of(pool(1, this::tenant));
        awaitReason("auth", pooled);

        sql("ALTER ROLE tenant LOGIN VALID UNTIL 'infinity'", "GRANT CONNECT ON DATABASE tenants TO tenant");
        awaitUp(pooled);
    }

    @Test
    void an_account_that_the_access_rules_reject_is_auth() throws Exception {
        List<String> before = accessRules();
        List<String> rejecting = new ArrayList<>(before);
        rejecting.add(0, "host all tenant all reject");
        setAccessRules(rejecting);
        try {
            awaitReason("auth", JdbcHealthCheck.of(plainTenant()));
        } finally {
            setAccessRules(before);
        }
    }

    @Test
    void a_source_without_a_password_is_auth() throws Exception {
        PGSimpleDataSource source = plainTenant();
        source.setPassword(null);

        assertThat(says("auth", "no password", JdbcHealthCheck.of(source)).details())
                .containsEntry("sqlState", "08004");
    }

    @Test
    void a_table_that_the_user_may_not_read_is_the_fault_of_the_query() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(plainTenant());

        for (int i = 0; i < 2; i++) {
            CheckReport report = says("query-failed", "no right", check.query("SELECT * FROM pg_authid"));
            assertThat(report.details()).containsEntry("sqlState", "42501");
        }
        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
    }

    @Test
    void a_database_that_was_dropped_is_missing_until_it_is_created_again() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(filledPool());
        awaitUp(check);
        sql("DROP DATABASE tenants WITH (FORCE)");

        awaitReason("no-database", check);
        for (int i = 0; i < 3; i++) {
            CheckReport result = says("no-database", "dropped database", check);
            assertThat(result.details()).containsEntry("sqlState", "3D000");
        }

        sql("CREATE DATABASE tenants OWNER tenant");
        awaitUp(check);
    }

    @Test
    void a_user_with_too_many_connections_is_told_apart_from_an_exhausted_pool() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(filledPool());
        awaitUp(check);
        others.add(connectAsTenant());
        sql("ALTER ROLE tenant CONNECTION LIMIT 1");
        killSessions("tenant");

        awaitReason("too-many-connections", check);
        for (int i = 0; i < 3; i++) {
            CheckReport result = says("too-many-connections", "too many connections for the user", check);
            assertThat(result.status()).isEqualTo(Status.DOWN);
            assertThat(result.details()).containsEntry("sqlState", "53300");
        }

        closeOthers();
        awaitUp(check);
    }

    @Test
    void a_pool_that_cannot_grow_is_up_as_long_as_one_of_its_connections_is_free() throws Exception {
        sql("ALTER ROLE tenant CONNECTION LIMIT 1");
        HikariDataSource pool = pool(2, this::tenant);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        awaitUp(check);

        try (Connection only = pool.getConnection()) {
            assertThat(only.isValid(1)).isTrue();
            awaitReason("too-many-connections", check);
        }
        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
    }

    @Test
    void a_full_server_has_too_many_connections_until_somebody_leaves() throws Exception {
        fillServer();
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(2, this::tenant));

        awaitReason("too-many-connections", check);

        closeOthers();
        awaitUp(check);
    }

    @Test
    void writable_is_what_the_server_says_not_only_the_driver() throws Exception {
        HikariDataSource byDriver = pool(1, config -> config.setReadOnly(true));
        assertThat(JdbcHealthCheck.of(byDriver).requireWritable().check(ample()).reason())
                .isEqualTo("read-only");
        assertThat(JdbcHealthCheck.of(byDriver).check(ample()).status()).isEqualTo(Status.UP);
    }

    @Test
    void a_server_that_takes_no_writes_is_read_only_to_those_who_ask_until_it_takes_them_again() throws Exception {
        HikariDataSource pool = pool(1);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool).requireWritable();
        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
        sql("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
        try {
            awaitReason("read-only", check);
            assertThat(check.query("SELECT 1").check(ample()).reason()).isEqualTo("read-only");
            assertThat(JdbcHealthCheck.of(pool).check(ample()).status()).isEqualTo(Status.UP);
        } finally {
            sql("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()");
        }

        awaitUp(check);
    }

    @Test
    void the_reason_tells_nothing_of_where_and_who() throws Exception {
        Set<String> shown = new TreeSet<>();
        shown.add(shown(JdbcHealthCheck.of(pool(1, config -> config.setPassword(PASSWORD)))));
        shown.add(shown(JdbcHealthCheck.of(pool(1)).query("SELECT 'hunter2' FROM nowhere")));
        shown.add(shown(JdbcHealthCheck.of(pool(1)).query("SELECT 'hunter2'", "hunter3")));
        shown.add(shown(JdbcHealthCheck.of(pool(1, config -> config.setJdbcUrl(server.jdbcUrl() + "_nowhere")))));
        server.stop();
        shown.add(shown(JdbcHealthCheck.of(pool(1))));

        assertThat(shown).allSatisfy(text -> assertThat(text)
                .doesNotContainIgnoringCase("jdbc")
                .doesNotContain(PASSWORD, "hunter3", "nowhere")
                .doesNotContain(server.user(), server.password(), server.host())
                .doesNotContain(Integer.toString(server.port())));
    }

    private String shown(JdbcHealthCheck check) {
        CheckReport result = inTime("any", check);
        assertThat(result.status()).isEqualTo(Status.DOWN);
        return result.status() + " " + result.reason();
    }

    /** Returns a pool that has all its connections: one that came later would survive the end of the others. */
    private HikariDataSource filledPool() {
        HikariDataSource pool = pool(2, this::tenant);
        awaitFull(pool);
        return pool;
    }

    private void tenant(HikariConfig config) {
        config.setJdbcUrl(tenantUrl());
        config.addDataSourceProperty("ApplicationName", "tenant");
        config.setUsername("tenant");
        config.setPassword(PASSWORD);
    }

    private PGSimpleDataSource plainTenant() {
        PGSimpleDataSource source = plain("tenant");
        source.setUrl(tenantUrl());
        source.setUser("tenant");
        source.setPassword(PASSWORD);
        return source;
    }

    /** Without comments: what COPY writes may have no tabs. */
    private List<String> accessRules() throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_read_file(current_setting('hba_file'))")) {
            rows.next();
            return rows.getString(1)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    /** For logins from now on. */
    private void setAccessRules(List<String> lines) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            String rows = lines.stream()
                    .map(line -> "('" + line.replace("'", "''") + "')")
                    .collect(Collectors.joining(", "));
            String file;
            try (ResultSet found = statement.executeQuery("SHOW hba_file")) {
                found.next();
                file = found.getString(1);
            }
            statement.execute("COPY (VALUES " + rows + ") TO '" + file + "'");
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    private String tenantUrl() {
        return "jdbc:postgresql://" + server.host() + ":" + server.port() + "/tenants";
    }

    private Connection connectAsTenant() throws SQLException {
        return DriverManager.getConnection(tenantUrl() + "?loginTimeout=30", "tenant", PASSWORD);
    }

    /** The administrator's places remain. */
    private void fillServer() {
        assertThatThrownBy(() -> {
                    while (true) {
                        others.add(connectAsTenant());
                    }
                })
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("53300"));
    }

    private void closeOthers() throws SQLException {
        for (Connection each : others) {
            each.close();
        }
        others.clear();
    }
}
