package dev.healthcheck.redis;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.protocol.ProtocolVersion;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that has reached {@code maxclients} hangs up with an answer that Lettuce may lose. */
class FullServerTest extends RedisTest {
    /** Lettuce loses one in twenty answers, and most of them when it has to wait for credentials. */
    private static final int RUNS = 100;

    @ParameterizedTest
    @EnumSource(names = {"CLIENT", "CLIENT_AND_URI"})
    void always_has_the_same_reason(Way way) throws Exception {
        var server = server();
        var holder = fill(server.uri());
        var check = check(way, server.uri());

        assertFull(check);

        holder.close();
        awaitUp(check);
    }

    @ParameterizedTest
    @EnumSource
    void has_it_whatever_protocol_the_client_speaks(ProtocolVersion protocol) throws Exception {
        var server = server();
        fill(server.uri());
        var options = SHORT_QUEUE.mutate().protocolVersion(protocol).build();

        assertFull(closing(RedisHealthCheck.of(client(server.uri(), options))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void has_it_also_if_a_password_is_needed(boolean known) throws Exception {
        var server = server("--requirepass", "secret");
        RedisURI uri = server.uri();
        var credentials = RedisCredentials.just(null, "secret");
        uri.setCredentialsProvider(
                known ? new StaticCredentialsProvider(credentials) : RedisCredentialsProvider.from(() -> credentials));
        fill(uri);

        assertFull(closing(RedisHealthCheck.of(client(uri))));
    }

    @Test
    void has_it_as_a_cluster() throws Exception {
        var server = closing(RedisServer.startedAsCluster());
        var holder = connection(server).sync();
        holder.clusterAddSlots(IntStream.range(0, 16384).toArray());
        await().until(() -> holder.clusterInfo().contains("cluster_state:ok"));
        holder.configSet("maxclients", "1");
        var check = closing(RedisHealthCheck.of(closing(RedisClusterClient.create(resources, server.uri()))));

        assertFull(check);

        holder.configSet("maxclients", "100");
        awaitUp(check);
    }

    @Test
    void is_disconnected_when_it_is_gone() throws Exception {
        var server = server();
        fill(server.uri());
        var check = check(server.uri());
        assertFull(check);

        server.stop();

        assertDown(run(check), "disconnected");
    }

    /** Takes the only place. The server starts with more, because it may still count the connection of the one who started it. */
    private StatefulRedisConnection<String, String> fill(RedisURI uri) {
        var holder = closing(client(uri).connect());
        holder.sync().configSet("maxclients", "1");
        return holder;
    }

    /** The first answer may be lost. */
    private static void assertFull(RedisHealthCheck check) throws Exception {
        awaitDown(check, "too-many-connections");
        for (int i = 0; i < RUNS; i++) {
            assertDown(run(check), "too-many-connections");
        }
    }
}
