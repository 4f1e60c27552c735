package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.AdapterContract.Fault;
import dev.healthcheck.testkit.TcpProxy;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server is well, the way to it is not. */
class PostgresNetworkFaultsTest extends PostgresTest {
    private TcpProxy network;

    @BeforeEach
    void connect() throws IOException {
        network = TcpProxy.to(server.port());
    }

    @AfterEach
    void disconnect() throws IOException {
        network.close();
    }

    @ParameterizedTest
    @EnumSource
    void with_an_idle_pool_a_broken_network_is_unreachable_until_it_is_mended(Fault fault) throws Exception {
        breakAndMend(fault, idlePool(3, this::throughNetwork));
    }

    @ParameterizedTest
    @EnumSource
    void with_a_pool_in_use_a_broken_network_is_unreachable_until_it_is_mended(Fault fault) throws Exception {
        breakAndMend(fault, warmPool(3, this::throughNetwork));
    }

    @ParameterizedTest
    @EnumSource
    void with_the_first_connection_a_broken_network_is_unreachable_until_it_is_mended(Fault fault) throws Exception {
        breakAndMend(fault, pool(3, config -> {
            throughNetwork(config);
            config.setMinimumIdle(0);
        }));
    }

    private void breakAndMend(Fault fault, HikariDataSource pool) throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        fault.befall(network);

        for (int i = 0; i < 2; i++) {
            says("unreachable", fault + "", check);
        }

        network.heal();
        awaitUp(check);
        awaitGivenBack(pool);
    }

    @Test
    void connections_reset_by_a_firewall_make_no_down_where_new_ones_are_let_through() throws Exception {
        HikariDataSource pool = warmPool(5, this::throughNetwork);
        JdbcHealthCheck check = JdbcHealthCheck.of(pool);
        network.resetOpen();

        CheckResult result = check.check(ample());

        assertThat(result.status()).isEqualTo(Status.UP);
        assertThat(result.details()).containsKey("discarded");
        awaitGivenBack(pool);
    }

    @Test
    void connections_swallowed_by_a_firewall_are_unreachable_until_each_has_been_discarded() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(warmPool(2, config -> {
            throughNetwork(config);
            config.setValidationTimeout(1500); // longer than a run
        }));
        network.freezeOpen();

        says("unreachable", "first swallowed", check);
        says("unreachable", "second swallowed", check);
        awaitUp(check);
    }

    @Test
    void a_pool_that_soon_gives_up_a_swallowed_connection_heals_by_being_asked() throws Exception {
        JdbcHealthCheck check = JdbcHealthCheck.of(idlePool(2, config -> {
            throughNetwork(config);
            config.setValidationTimeout(250);
        }));
        network.freezeOpen();

        awaitUp(check);
    }

    private void throughNetwork(HikariConfig config) {
        config.setJdbcUrl("jdbc:postgresql://localhost:" + network.port() + "/" + server.database());
    }
}
