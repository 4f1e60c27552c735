package dev.healthcheck.redis;

import static dev.healthcheck.testkit.Patience.assertAnsweredWithin;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that says nothing: the answer is there in time, and nothing piles up meanwhile. */
class RedisSilentTest extends RedisTest {
    @ParameterizedTest
    @MethodSource("waysAndSilences")
    void a_silent_server_is_down_in_time_and_sent_one_ping_however_many_ask(Way way, Silence silence) throws Exception {
        var server = server();
        var admin = admin(server);
        var network = proxy(server);
        var check = check(way, uri(network));
        assertUp(run(check));
        long before = pings(admin);

        silence.begin(server, network);
        for (int i = 0; i < 3; i++) {
            var answers = assertAnsweredWithin(SHORT, () -> askedByTen(check));
            answers.forEach(answer -> assertDown(answer, "timeout"));
            await().until(() -> unanswered() == 1);
        }
        silence.end(server, network);

        await().until(() -> pings(admin) == before + 1);
        assertUp(run(check));
        assertThat(pings(admin))
                .as("the last run may have joined the first PING")
                .isBetween(before + 1, before + 2);
        await().until(() -> unanswered() == 0);
    }

    @Test
    void a_cancelled_run_leaves_the_ping_to_the_next() throws Exception {
        var server = server();
        var admin = admin(server);
        var check = check(server.uri());
        assertUp(run(check));
        long before = pings(admin);

        server.freeze();
        for (int i = 0; i < 20; i++) {
            assertThat(start(check, LIMIT).cancel(true)).isTrue();
        }
        var last = start(check, ofSeconds(30));
        server.thaw();

        assertUp(last.join());
        assertThat(pings(admin)).isEqualTo(before + 1);
    }

    @Test
    void a_connection_on_which_the_client_gave_a_ping_up_is_replaced() throws Exception {
        var server = server();
        var admin = admin(server);
        var check = closing(RedisHealthCheck.of(client(server.uri(), impatient()), server.uri()));
        assertUp(run(check));
        var first = ownConnections(admin);

        server.freeze();
        assertDown(run(check), "timeout");
        assertDown(start(check, SHORT).join(), "disconnected");
        server.thaw();

        awaitUp(check);
        await().untilAsserted(() -> assertThat(ownConnections(admin)).hasSize(1));
        assertThat(ownConnections(admin)).doesNotContainAnyElementsOf(first);
    }

    @ParameterizedTest
    @MethodSource("ownWaysAndSilences")
    void connects_once_however_many_ask_while_it_takes_long(Way way, Silence silence) throws Exception {
        var server = server();
        var admin = admin(server);
        var network = proxy(server);
        var check = check(way, uri(network));
        long before = connectionsEver(admin);

        silence.begin(server, network);
        for (int i = 0; i < 3; i++) {
            var answers = assertAnsweredWithin(SHORT, () -> askedByTen(check));
            answers.forEach(answer -> assertDown(answer, "connecting"));
        }
        silence.end(server, network);

        awaitUp(check);
        assertThat(connectionsEver(admin)).isEqualTo(before + 1);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("healthcheck-redis")));
    }

    @ParameterizedTest
    @EnumSource
    void a_ping_that_is_unanswered_when_its_connection_ends_is_not_joined_by_others(Way way) throws Exception {
        var server = server();
        var admin = admin(server);
        var network = proxy(server);
        var check = check(way, uri(network));
        assertUp(run(check));
        long before = pings(admin);

        network.freeze();
        assertDown(start(check, SHORT).join(), "timeout");
        network.refuse();
        awaitDown(check, "disconnected");
        for (int i = 0; i < 30; i++) {
            assertDown(start(check, SHORT).join(), "disconnected");
        }
        network.heal();

        awaitUp(check);
        assertThat(pings(admin))
                .isBetween(before + 1, before + 3); // it may be sent again, and the proxy may send it, too
        await().until(() -> ownConnections(admin).size() == 1);
    }

    @Test
    void a_connection_that_a_firewall_forgot_is_replaced_when_the_client_gives_the_ping_up() throws Exception {
        var server = server();
        var admin = admin(server);
        var network = proxy(server);
        RedisURI uri = uri(network);
        var check = closing(RedisHealthCheck.of(client(uri, impatient()), uri));
        assertUp(run(check));

        network.freezeOpen();
        assertDown(start(check, SHORT).join(), "timeout");

        awaitUp(check);
        network.heal();
        await().until(() -> ownConnections(admin).size() == 1);
    }

    @Test
    void a_connection_that_a_firewall_forgot_is_replaced_after_ten_seconds_though_the_client_waits_longer()
            throws Exception {
        var server = server();
        var admin = admin(server);
        var network = proxy(server);
        RedisURI uri = uri(network);
        var nanos = new AtomicLong();
        var check = closing(RedisHealthCheck.of(client(uri), uri, nanos::get));
        assertUp(run(check));

        network.freezeOpen();
        assertDown(start(check, SHORT).join(), "timeout");
        nanos.set(ofSeconds(10).toNanos());
        assertDown(start(check, SHORT).join(), "timeout");

        nanos.incrementAndGet();
        awaitUp(check);
        network.heal();
        await().until(() -> ownConnections(admin).size() == 1);
    }

    @Test
    void a_black_hole_that_outlasts_the_client_s_patience_leaves_one_connection() throws Exception {
        var server = server();
        var admin = admin(server);
        var network = proxy(server);
        RedisURI uri = uri(network);
        var check = closing(RedisHealthCheck.of(client(uri, impatient()), uri));
        assertUp(run(check));

        network.freeze();
        for (int i = 0; i < 10; i++) {
            assertThat(start(check, SHORT).join().reason()).isIn("timeout", "disconnected");
            assertThat(unanswered()).isLessThanOrEqualTo(1);
        }
        network.heal();

        awaitUp(check);
        await().until(() -> ownConnections(admin).size() == 1);
    }

    @Test
    void a_server_that_falls_silent_between_two_commands_is_sent_no_third() throws Exception {
        var server = closing(new ScriptedServer("+PONG", ""));
        var check = closing(check(server.uri()).memoryBelow(0.9).replicaWithin(ofSeconds(10)));

        awaitDown(check, "timeout"); // the first run has to connect, too
        for (int i = 0; i < 3; i++) {
            assertDown(start(check, SHORT).join(), "timeout");
        }

        assertThat(server.received()).containsOnlyOnce("PING", "INFO");
        assertThat(unanswered()).isEqualTo(1);
    }

    private static List<CheckResult> askedByTen(RedisHealthCheck check) {
        var together = IntStream.range(0, 10).mapToObj(n -> start(check, SHORT)).toList();
        return together.stream().map(CompletableFuture::join).toList();
    }

    private static ClientOptions impatient() {
        return SHORT_QUEUE
                .mutate()
                .timeoutOptions(TimeoutOptions.enabled(ofMillis(500)))
                .build();
    }
}
