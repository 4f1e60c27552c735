package dev.healthcheck.redis;

import static dev.healthcheck.testkit.Patience.assertAnsweredWithin;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.Status;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that is not there, or no way to it: the reason is said at once, and forgotten when it is back. */
class RedisGoneTest extends RedisTest {
    @ParameterizedTest
    @EnumSource
    void a_server_that_answers_is_up(Way way) throws Exception {
        var server = server();
        var check = check(way, server.uri());

        assertUp(run(check));
        await().untilAsserted(
                        () -> assertUp(check.checkAsync().toCompletableFuture().get()));
    }

    @ParameterizedTest
    @MethodSource("waysAndBreaks")
    void a_connection_that_ends_is_disconnected_until_the_server_is_back(Way way, Break breaking) throws Exception {
        var server = server();
        var network = proxy(server);
        var check = check(way, uri(network));
        assertUp(run(check));

        breaking.begin(server, network);
        awaitDown(check, "disconnected");
        assertDown(run(check), "disconnected");
        breaking.end(server, network);

        awaitUp(check);
        var admin = admin(server);
        await().until(() -> ownConnections(admin).size() == 1);
    }

    @Test
    void a_stopped_server_is_disconnected_at_once() throws Exception {
        var server = server();
        var check = check(server.uri());
        assertUp(run(check));
        server.stop();
        awaitDown(check, "disconnected");

        for (int i = 0; i < 2; i++) {
            assertDown(assertAnsweredWithin(ofSeconds(1), () -> run(check)), "disconnected");
        }
    }

    @ParameterizedTest
    @MethodSource("ownWaysAndBreaks")
    void a_first_connection_that_fails_is_disconnected_until_the_server_is_back(Way way, Break breaking)
            throws Exception {
        var server = server();
        var network = proxy(server);
        var check = check(way, uri(network));

        breaking.begin(server, network);
        assertDown(run(check), "disconnected");
        assertThat(run(check).cause()).isNotNull();
        breaking.end(server, network);

        assertUp(run(check));
    }

    @Test
    void a_server_that_is_killed_while_it_is_frozen_is_disconnected() throws Exception {
        var server = server();
        var check = check(server.uri());
        assertUp(run(check));

        server.freeze();
        assertDown(start(check, SHORT).join(), "timeout");
        server.stop();
        assertDown(run(check), "disconnected");
        server.start();
        assertUp(run(check));
    }

    @Test
    void a_client_that_has_been_shut_down_is_disconnected() throws Exception {
        var server = server();
        var client = RedisClient.create(server.uri());
        var check = closing(RedisHealthCheck.of(client, server.uri()));
        assertUp(run(check));

        client.shutdown();

        assertDown(run(check), "disconnected");
        assertThat(run(check).cause()).isNotNull();
    }

    @Test
    void a_client_without_a_uri_needs_one() throws Exception {
        var server = server();
        var client = closing(RedisClient.create(resources));

        assertThat(run(closing(RedisHealthCheck.of(client))).reason()).isEqualTo("disconnected");
        assertThat(run(closing(RedisHealthCheck.of(client, server.uri()))).status())
                .isEqualTo(Status.UP);
    }

    @ParameterizedTest
    @EnumSource(names = {"CLIENT", "CLIENT_AND_URI"})
    void a_connection_that_ends_again_and_again_leaves_one(Way way) throws Exception {
        var server = server();
        var admin = admin(server);
        var network = proxy(server);
        var check = check(way, uri(network));

        for (int i = 0; i < 30; i++) {
            assertThat(run(check).reason()).isIn(null, "disconnected");
            network.resetOpen();
            spin(i * 400_000L); // Lettuce connects again by itself, unless the next run comes first
        }

        awaitUp(check);
        await().until(() -> ownConnections(admin).size() == 1);
        assertUp(run(check));
        await().until(() -> network.connections() == 1);
    }
}
