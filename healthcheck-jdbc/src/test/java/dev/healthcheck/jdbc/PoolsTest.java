package dev.healthcheck.jdbc;

import dev.healthcheck.jdbc.PoolSubjects.Plan;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The two faults that happen most, with every pool. {@link PoolFaultsTest} has the others, and takes minutes. */
@Timeout(120)
class PoolsTest {
    private static final Plan PLAN =
            Plan.of(PoolKind.ALL, List.of(Duration.ofMillis(100))).impatient();

    private static PoolServers servers;

    @BeforeAll
    static void startServers() throws Exception {
        servers = new PoolServers();
    }

    @AfterAll
    static void closeServers() throws IOException {
        servers.close();
    }

    @Test
    void a_server_that_freezes_costs_no_pool_a_connection() throws Exception {
        PoolTrial.freeze("In short, freeze", servers, PLAN, Duration.ofMillis(1500))
                .check();
    }

    @Test
    void connections_that_the_server_ends_are_replaced_as_well_as_without_a_check() throws Exception {
        PoolTrial.terminate("In short, connections terminated", servers, PLAN).check();
    }
}
