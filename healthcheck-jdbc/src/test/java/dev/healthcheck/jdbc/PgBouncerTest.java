package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckReport;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PgBouncer, which gives one SQLState to all refusals: its own, and those of the server behind it. */
@Tag("faults") // needs a program that the build does not bring with it
class PgBouncerTest extends PostgresTest {
    private static final String PASSWORD = "hunter2";

    /** What the server makes of the users that PgBouncer knows. */
    private static final Map<String, String> ROLES = new TreeMap<>(Map.of(
            "tenant", "LOGIN PASSWORD '" + PASSWORD + "'",
            "limited", "LOGIN PASSWORD '" + PASSWORD + "' CONNECTION LIMIT 0",
            "resting", "NOLOGIN PASSWORD '" + PASSWORD + "'",
            "stranger", "LOGIN PASSWORD '" + PASSWORD + "'",
            "expired", "LOGIN PASSWORD '" + PASSWORD + "' VALID UNTIL '2001-01-01'",
            "rotated", "LOGIN PASSWORD 'another'"));

    private PgBouncerServer bouncer;

    @BeforeEach
    void startBouncer() throws Exception {
        sql("CREATE DATABASE tenants", "REVOKE CONNECT ON DATABASE tenants FROM public");
        Map<String, String> users = new TreeMap<>();
        for (Map.Entry<String, String> role : ROLES.entrySet()) {
            sql("CREATE ROLE " + role.getKey() + " " + role.getValue());
            users.put(role.getKey(), PASSWORD);
            if (!role.getKey().equals("stranger")) {
                sql("GRANT CONNECT ON DATABASE tenants TO " + role.getKey());
            }
        }
        users.put("forgotten", PASSWORD);
        bouncer = new PgBouncerServer(server, Map.of("tenants", "tenants", "dropped", "nowhere"), users, 4);
    }

    @AfterEach
    void stopBouncer() throws Exception {
        closeClients();
        bouncer.close();
        sql("DROP DATABASE tenants WITH (FORCE)");
        for (String role : ROLES.keySet()) {
            sql("DROP ROLE " + role);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tenant, wrong, SASL authentication failed",
        "unknown, hunter2, SASL authentication failed",
        "resting, hunter2, is not permitted to log in",
        "stranger, hunter2, permission denied for database",
        "expired, hunter2, password authentication failed",
        "rotated, hunter2, password authentication failed",
        "forgotten, hunter2, password authentication failed"
    })
    void an_account_that_it_or_the_server_refuses_is_auth(String user, String password, String text) {
        says("auth", text, source("tenants", user, password));
    }

    @Test
    void its_own_console_is_closed_to_users() {
        says("auth", "not allowed", source("pgbouncer", "tenant", PASSWORD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "dropped"})
    void a_database_that_it_or_the_server_does_not_have_is_no_database(String database) {
        says("no-database", database.equals("unknown") ? "no such database" : "does not exist", source(database));
    }

    @Test
    void a_user_who_may_have_no_connection_has_too_many() {
        says("too-many-connections", "too many connections", source("tenants", "limited", PASSWORD));
    }

    @Test
    void its_own_limit_is_too_many_connections_until_somebody_leaves() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(source("tenants"));
        Connection[] all = new Connection[4];
        for (int i = 0; i < all.length; i++) {
            all[i] = DriverManager.getConnection(bouncer.jdbcUrl("tenants"), "tenant", PASSWORD);
        }
        says("too-many-connections", "no more connections allowed", check);

        for (Connection each : all) {
            each.close();
        }
        awaitUp(check);
    }

    @Test
    void a_table_that_the_user_may_not_read_is_the_fault_of_the_query() {
        CheckReport report = says(
                "query-failed",
                "permission denied for table",
                JdbcHealthCheck.of(source("tenants")).query("SELECT * FROM pg_authid"));
        assertThat(report.details()).containsEntry("sqlState", "42501");
    }

    @Test
    void a_server_that_is_down_behind_it_is_not_a_refusal() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(source("tenants"));
        awaitUp(check);
        server.stop();

        assertThat(inTime("server down", check).status()).isEqualTo(Status.DOWN);
        assertThat(inTime("server down", check).reason()).isNotEqualTo("auth");
        server.start();
        awaitUp(check);
    }

    private void says(String reason, String text, PGSimpleDataSource source) {
        CheckReport report = says(reason, text, JdbcHealthCheck.of(source));
        assertThat(report.details()).containsEntry("sqlState", PgBouncer.STATE);
        assertThat(report.error()).contains(text);
    }

    private PGSimpleDataSource source(String database) {
        return source(database, "tenant", PASSWORD);
    }

    private PGSimpleDataSource source(String database, String user, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(bouncer.jdbcUrl(database));
        source.setUser(user);
        source.setPassword(password);
        return source;
    }
}
