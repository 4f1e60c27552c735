package dev.healthcheck.redis;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.RedisClusterClient;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cluster of one node, which is enough for what a node says of it. */
class RedisClusterTest extends RedisTest {
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void a_cluster_is_up_while_it_serves_all_slots(boolean own) throws Exception {
        var server = closing(RedisServer.startedAsCluster());
        var admin = admin(server);
        admin.clusterAddSlots(IntStream.range(0, 16384).toArray());
        await().until(() -> admin.clusterInfo().contains("cluster_state:ok"));
        var client = closing(RedisClusterClient.create(resources, server.uri()));
        var check = closing(own ? RedisHealthCheck.of(client) : RedisHealthCheck.of(client.connect()));
        assertUp(run(check));

        admin.clusterDelSlots(7);
        awaitDown(check, "cluster-down");

        admin.clusterAddSlots(7);
        awaitUp(check);

        server.stop();
        assertDown(run(check), "disconnected");
        server.start();
        awaitUp(check);
    }

    @Test
    void a_cluster_that_need_not_cover_all_slots_is_degraded_while_it_does_not() throws Exception {
        var server = closing(RedisServer.startedAsCluster("--cluster-require-full-coverage", "no"));
        var admin = admin(server);
        admin.clusterAddSlots(IntStream.range(1, 16384).toArray());
        await().until(() -> admin.clusterInfo().contains("cluster_state:ok"));
        var check = closing(RedisHealthCheck.of(closing(RedisClusterClient.create(resources, server.uri()))));

        assertDegraded(run(check), "slots");
        assertThat(run(check).message()).isEqualTo("16383 of 16384 slots are served");

        admin.clusterAddSlots(0);
        awaitUp(check);
    }

    @Test
    void the_options_look_at_the_node_that_is_asked() throws Exception {
        var server = closing(RedisServer.startedAsCluster("--maxmemory", "1"));
        var admin = admin(server);
        admin.clusterAddSlots(IntStream.range(0, 16384).toArray());
        await().until(() -> admin.clusterInfo().contains("cluster_state:ok"));
        var client = closing(RedisClusterClient.create(resources, server.uri()));

        assertUp(run(closing(RedisHealthCheck.of(client).replicaWithin(ofSeconds(10)))));
        assertDegraded(run(closing(RedisHealthCheck.of(client).memoryBelow(0.9))), "memory");
        assertDegraded(run(RedisHealthCheck.of(client.connect()).memoryBelow(0.9)), "memory");
    }
}
