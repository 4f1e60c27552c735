package dev.healthcheck.redis;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster of three masters, which loses some of them. */
class ClusterTest extends TopologyTest {
    private static final int NODES = 3;
    private static final int SLOTS = 16384;
    /** After which the client gives a command up. Longer than a busy machine takes to answer one. */
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(3);

    /** Shared by all tests: three nodes take seconds to become a cluster. */
    private static final List<RedisServer> nodes = new ArrayList<>();

    @AfterAll
    static void closeNodes() {
        nodes.forEach(RedisServer::close);
        nodes.clear();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_node_that_dies_takes_its_slots_with_it(boolean allNeeded) throws Exception {
        var check = started(allNeeded);
        var other = others().get(0);

        other.stop();
        awaitMissing(check, allNeeded);

        other.start();
        awaitUp(check);
        awaitOneClient(nodes);
    }

    @Test
    void the_node_that_is_asked_dies_and_another_is_asked() throws Exception {
        var check = started(true);
        var asked = asked();
        var others = others();

        asked.stop();
        awaitDown(check, "cluster-down");
        awaitOneClient(others);

        asked.start();
        awaitUp(check);
        awaitOneClient(nodes);
    }

    @Test
    void the_node_that_is_asked_freezes_and_another_is_asked_when_the_client_gives_it_up() throws Exception {
        var check = started(false);
        var asked = asked();

        asked.freeze();
        for (int i = 0; i < 3; i++) {
            assertDown(start(check, SHORT).join(), "timeout");
            assertThat(unanswered()).isEqualTo(1);
        }
        awaitDegraded(check, "slots");

        asked.thaw();
        awaitUp(check);
        awaitOneClient(nodes);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_slot_that_nobody_serves_is_missing(boolean allNeeded) throws Exception {
        var check = started(allNeeded);

        nodes.forEach(node -> adminOf(node).clusterDelSlots(0));
        awaitMissing(check, allNeeded);

        adminOf(nodes.get(0)).clusterAddSlots(0);
        awaitUp(check);
        awaitOneClient(nodes);
    }

    @Test
    void a_node_that_reaches_no_other_is_no_cluster_even_if_not_all_slots_are_needed() throws Exception {
        var check = started(false);
        var others = others();

        others.forEach(RedisServer::freeze);
        awaitDown(check, "cluster-down");

        others.forEach(RedisServer::thaw);
        awaitUp(check);
        awaitOneClient(nodes);
    }

    @Test
    void a_cluster_that_is_gone_is_disconnected_until_it_is_back() throws Exception {
        var check = started(true);

        nodes.forEach(RedisServer::stop);
        awaitDown(check, "disconnected");

        nodes.forEach(RedisServer::start);
        awaitUp(check);
        awaitOneClient(nodes);
    }

    @Test
    void each_master_must_take_writes_where_they_are_needed() throws Exception {
        var check = closing(started(true).requireWritable());
        awaitUp(check);

        for (RedisServer node : nodes) {
            adminOf(node).configSet("min-replicas-to-write", "1");
            CheckResult refused = run(check);
            assertDown(refused, "read-only");
            assertThat(refused.details()).containsEntry("node", node.host() + ":" + node.port());
            adminOf(node).configSet("min-replicas-to-write", "0");
            awaitUp(check);
            assertThat(adminOf(node).dbsize()).isZero();
        }
    }

    @Test
    void a_master_that_dies_takes_no_writes() throws Exception {
        var check = closing(started(false).requireWritable());
        awaitUp(check);

        others().get(0).stop();
        awaitNotUp(check);

        nodes.forEach(RedisServer::heal);
        awaitUp(check);
    }

    /** It is up, and has one connection to one node. */
    private RedisHealthCheck started(boolean allNeeded) throws Exception {
        if (nodes.isEmpty()) {
            startNodes();
        }
        nodes.forEach(RedisServer::heal);
        nodes.forEach(node -> adminOf(node).configSet("cluster-require-full-coverage", allNeeded ? "yes" : "no"));
        awaitWhole();
        List<RedisURI> uris = nodes.stream().map(RedisServer::uri).toList();
        uris.forEach(uri -> uri.setTimeout(COMMAND_TIMEOUT));
        var check = closing(RedisHealthCheck.of(closing(RedisClusterClient.create(resources, uris))));
        awaitUp(check);
        awaitOneClient(nodes);
        return check;
    }

    private void startNodes() {
        try {
            for (int i = 0; i < NODES; i++) {
                var node = RedisServer.startedHere("--cluster-enabled", "yes", "--cluster-node-timeout", "1000");
                nodes.add(node);
                adminOf(node)
                        .clusterAddSlots(IntStream.range(i * SLOTS / NODES, (i + 1) * SLOTS / NODES)
                                .toArray());
            }
            patiently().pollInterval(ofMillis(500)).until(this::allHaveMet);
        } catch (RuntimeException e) {
            closeNodes();
            throw e;
        }
    }

    /** Introduces them again if need be: Redis forgets an introduction that takes longer than a second. */
    private boolean allHaveMet() {
        for (RedisServer node : nodes) {
            String known = adminOf(node).clusterInfo();
            if (!known.contains("cluster_known_nodes:" + NODES) || !known.contains("cluster_size:" + NODES)) {
                nodes.stream().filter(other -> other != node).forEach(other -> adminOf(node)
                        .clusterMeet(other.host(), other.port()));
                return false;
            }
        }
        return true;
    }

    private void awaitWhole() {
        patiently().untilAsserted(() -> assertThat(nodes)
                .allSatisfy(node -> assertThat(adminOf(node).clusterInfo())
                        .contains("cluster_state:ok", "cluster_slots_ok:" + SLOTS)));
    }

    private static void awaitMissing(RedisHealthCheck check, boolean allNeeded) {
        if (allNeeded) {
            awaitDown(check, "cluster-down");
        } else {
            awaitDegraded(check, "slots");
        }
    }

    private static void awaitNotUp(RedisHealthCheck check) {
        patiently().until(() -> ask(check).status() != Status.UP);
    }

    private RedisServer asked() {
        return nodes.stream().filter(node -> clients(node) > 0).findFirst().orElseThrow();
    }

    private List<RedisServer> others() {
        var asked = asked();
        return nodes.stream().filter(node -> node != asked).toList();
    }

    private void awaitOneClient(List<RedisServer> servers) {
        patiently().until(() -> servers.stream().mapToInt(this::clients).sum() == 1);
    }
}
