package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.AdapterContract.Fault;
import dev.healthcheck.testkit.TcpProxy;
import java.sql.Connection;
import java.util.function.Consumer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MariaDB behind HikariCP, when the server, the network or the pool fails: what differs from PostgreSQL. */
class MariaDbServerFaultsTest extends MariaDbTest {

    @Test
    void a_healthy_pool_is_up() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool(2));

        assertThat(check.check(ample()).status()).isEqualTo(Status.UP);
        assertThat(check.query("SELECT COUNT(*) FROM orders", "1")
                        .check(ample())
                        .status())
                .isEqualTo(Status.UP);
        assertThat(check.query("SELECT TRUE", "1")
                        .requireWritable()
                        .check(ample())
                        .status())
                .isEqualTo(Status.UP);
    }

    @Test
    void a_stopped_server_is_unreachable_and_comes_back() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(idlePool(3, config -> {}));
        server.stop();

        awaitRefusal(check);
        for (int i = 0; i < 3; i++) {
            CheckReport report = says("unreachable", check);
            assertThat(report.details()).containsEntry("sqlState", "08000");
        }

        server.start();
        awaitUp(check);
    }

    @Test
    void a_frozen_server_is_unreachable_and_comes_back() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(idlePool(3, config -> {}));
        server.freeze();

        for (int i = 0; i < 4; i++) {
            says("unreachable", check);
        }

        server.thaw();
        awaitUp(check);
    }

    @Test
    void a_server_that_freezes_under_a_busy_pool_is_unreachable_before_the_driver_would_say_so() throws Exception {
        for (String query : new String[] {null, "SELECT 1"}) {
            JdbcHealthCheck check = JdbcHealthCheck.of(pool(1));
            check = query == null ? check : check.query(query);
            awaitUp(check);
            server.freeze();

            says("unreachable", check);

            server.thaw();
            awaitUp(check);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_broken_network_is_unreachable_until_it_is_mended(Fault fault) throws Exception {
        try (TcpProxy network = TcpProxy.to(server.port())) {
            JdbcHealthCheck check = JdbcHealthCheck.of(pool(2, through(network)));
            awaitUp(check);
            fault.befall(network);

            for (int i = 0; i < 3; i++) {
                says("unreachable", check);
            }

            network.heal();
            awaitUp(check);
        }
    }

    @RepeatedTest(5)
    void a_connection_killed_while_idle_is_never_handed_to_the_application() throws Exception {
        HikariDataSource pool = pool(1);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        awaitUp(check);
        int killed = idOf(pool);
        server.administer("KILL " + killed);

        CheckResult result = check.check(ample());

        assertThat(result.status()).isEqualTo(Status.UP);
        assertThat(idOf(pool)).isNotEqualTo(killed);
    }

    @Test
    void a_pool_filled_by_the_application_is_exhausted() throws Exception {
        HikariDataSource pool = pool(1);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        try (Connection all = pool.getConnection()) {
            assertThat(all.isValid(1)).isTrue();
            CheckReport report = says("pool-exhausted", check);
            assertThat(report.status()).isEqualTo(Status.DEGRADED);
        }
        awaitUp(check);
    }

    private Consumer<HikariConfig> through(TcpProxy network) {
        return config -> config.setJdbcUrl(server.jdbcUrl(network.port()));
    }
}
