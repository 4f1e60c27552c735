package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.healthcheck.CheckReport;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL, and pools in front of it. Each class has one family of faults; after each test all is mended. */
@ExtendWith(OnePostgres.class)
@Timeout(120)
abstract class PostgresTest {
    private static final String TRUST = "com.zaxxer.hikari.aliveBypassWindowMs";

    final PostgresServer server = OnePostgres.server();
    private final Asked asked = new Asked();
    private final List<HikariDataSource> pools = new ArrayList<>();

    @AfterEach
    final void mend() throws IOException {
        server.thaw();
        asked.close();
        pools.forEach(HikariDataSource::close);
        server.start();
    }

    final CheckReport inTime(String fault, JdbcHealthCheck check) {
        return asked.inTime(fault, check);
    }

    final void awaitUp(JdbcHealthCheck check) {
        asked.awaitUp(check);
    }

    final void awaitReason(String reason, JdbcHealthCheck check) {
        asked.awaitReason(reason, check);
    }

    final HikariDataSource pool(int size) {
        return pool(size, config -> {});
    }

    final HikariDataSource pool(int size, Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        configure(config);
        config.setMaximumPoolSize(size);
        config.setInitializationFailTimeout(-1);
        settings.accept(config);
        return closedAfterwards(new HikariDataSource(config));
    }

    /** One that starts when it is asked for its first connection. */
    final HikariDataSource lazyPool() {
        HikariDataSource pool = closedAfterwards(new HikariDataSource());
        configure(pool);
        return pool;
    }

    private HikariDataSource closedAfterwards(HikariDataSource pool) {
        pools.add(pool);
        return pool;
    }

    private void configure(HikariConfig config) {
        config.setJdbcUrl(server.jdbcUrl());
        config.setUsername(server.user());
        config.setPassword(server.password());
    }

    /** Its connections have not been used for long, so HikariCP tests them before it hands them out. */
    final HikariDataSource idlePool(int size, Consumer<HikariConfig> settings) {
        return poolThatTrusts(0, size, settings);
    }

    /** Its connections were used just now, so HikariCP hands them out as they are. */
    final HikariDataSource warmPool(int size, Consumer<HikariConfig> settings) {
        return poolThatTrusts(600_000, size, settings);
    }

    /** For so many milliseconds after their last use, where HikariCP's own choice is 500. */
    private HikariDataSource poolThatTrusts(int millis, int size, Consumer<HikariConfig> settings) {
        System.setProperty(TRUST, Integer.toString(millis));
        try {
            HikariDataSource pool = pool(size, settings);
            awaitFull(pool);
            return pool;
        } finally {
            System.clearProperty(TRUST);
        }
    }

    private static void awaitFull(HikariDataSource pool) {
        await().until(() -> pool.getHikariPoolMXBean().getIdleConnections() == pool.getMaximumPoolSize());
    }

    /** Nothing of ours is left in the pool. */
    static void awaitGivenBack(HikariDataSource pool) {
        HikariPoolMXBean gauges = pool.getHikariPoolMXBean();
        await().untilAsserted(() -> {
            assertThat(gauges.getActiveConnections()).isZero();
            assertThat(gauges.getThreadsAwaitingConnection()).isZero();
        });
    }

    final PGSimpleDataSource plain(String applicationName) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.jdbcUrl());
        source.setUser(server.user());
        source.setPassword(server.password());
        source.setApplicationName(applicationName);
        return source;
    }

    /** As the administrator, on a connection of their own. */
    final void sql(String... statements) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    final int sessions(String applicationName, String which) throws SQLException {
        try (Connection connection = server.connect()) {
            return number(
                    connection,
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + applicationName + "' AND "
                            + which);
        }
    }

    final void killSessions(String applicationName) throws SQLException {
        sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = '" + applicationName
                + "'");
    }

    static int backendOf(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return number(connection, "SELECT pg_backend_pid()");
        }
    }

    static int number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
