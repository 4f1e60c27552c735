package dev.healthcheck.redis;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The permissions that docs/redis.md asks for are enough. */
class PermissionsTest extends RedisTest {
    @Test
    void a_ping_needs_ping_and_hello() throws Exception {
        var server = server(user("+hello", "+ping"));

        var result = run(check(uriOfUser(server)));

        assertUp(result);
        assertThat(result.details()).doesNotContainKey("answer");
    }

    @Test
    void the_options_need_info_as_well() throws Exception {
        var server = server(user("+hello", "+ping", "+info"));

        assertUp(run(closing(check(uriOfUser(server)).memoryBelow(0.9).replicaWithin(ofSeconds(10)))));
    }

    @Test
    void a_cluster_needs_the_commands_that_show_it() throws Exception {
        var server = closing(
                RedisServer.startedAsCluster(user("+hello", "+ping", "+cluster|info", "+cluster|nodes", "+info")));
        var admin = admin(server);
        admin.clusterAddSlots(IntStream.range(0, 16384).toArray());
        var client = closing(RedisClusterClient.create(resources, uriOfUser(server)));
        var check = closing(RedisHealthCheck.of(client));

        awaitUp(check);
        assertThat(run(check).details()).doesNotContainKey("answer");
    }

    @Test
    void writes_are_tried_with_one_command_and_keys_of_one_prefix() throws Exception {
        var server = server(user("+hello", "+ping", "+info", "+setrange", "~healthcheck:*"));

        assertUp(run(closing(check(uriOfUser(server)).requireWritable())));
    }

    @Test
    void writes_to_a_cluster_are_tried_in_the_same_way() throws Exception {
        var server = closing(RedisServer.startedAsCluster(
                user("+hello", "+ping", "+cluster|info", "+cluster|nodes", "+info", "+setrange", "~healthcheck:*")));
        var admin = admin(server);
        admin.clusterAddSlots(IntStream.range(0, 16384).toArray());
        var client = closing(RedisClusterClient.create(resources, uriOfUser(server)));

        awaitUp(closing(RedisHealthCheck.of(client).requireWritable()));
    }

    private static String[] user(String... rules) {
        var arguments = new ArrayList<>(List.of("--user", "probe", "on", ">secret", "-@all"));
        arguments.addAll(List.of(rules));
        return arguments.toArray(String[]::new);
    }

    private static RedisURI uriOfUser(RedisServer server) {
        return RedisURI.builder(server.uri())
                .withAuthentication("probe", "secret".toCharArray())
                .build();
    }
}
