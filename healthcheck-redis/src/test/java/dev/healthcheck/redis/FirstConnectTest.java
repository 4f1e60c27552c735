package dev.healthcheck.redis;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.ChildJvm;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first connection takes long in a JVM that has just started: which is no outage. */
class FirstConnectTest extends RedisTest {
    @ParameterizedTest
    @EnumSource(names = {"CLIENT", "CLIENT_AND_URI"})
    void a_first_attempt_that_fails_is_disconnected_and_so_is_the_next(Way way) throws Exception {
        var server = server();
        var network = proxy(server);
        network.refuse();
        var check = check(way, uri(network));
        assertDown(run(check), "disconnected");

        network.heal();
        network.freeze();

        assertDown(start(check, SHORT).join(), "disconnected");
        network.heal();
        awaitUp(check);
    }

    @ParameterizedTest
    @ValueSource(strings = {"own", "uri"})
    void a_jvm_that_has_just_started_is_not_disconnected(String way) throws Exception {
        var server = server();

        String found =
                ChildJvm.run(List.of(), ColdStart.class, server.uri().toURI().toString(), way);

        assertThat(found).isIn("connecting", "timeout", "null"); // the last where the CPU is fast
    }

    /** Prints the reason of the first run. */
    static final class ColdStart {
        private ColdStart() {}

        public static void main(String[] arguments) {
            var client = RedisClient.create(arguments[0]);
            var check = arguments[1].equals("own")
                    ? RedisHealthCheck.of(client)
                    : RedisHealthCheck.of(client, RedisURI.create(arguments[0]));
            var health = HealthCheckRegistry.create();
            System.out.print(health.register("cache", check, o -> o.timeout(ofMillis(200)))
                    .runNow()
                    .reason());
            System.exit(0);
        }
    }

    @Test
    void a_first_attempt_under_way_is_connecting_for_ten_seconds_and_then_disconnected() throws Exception {
        var server = server();
        var nanos = new AtomicLong();
        var check = closing(RedisHealthCheck.of(client(server.uri()), server.uri(), nanos::get));
        server.freeze();

        assertDown(start(check, SHORT).join(), "connecting");
        nanos.set(ofSeconds(10).toNanos() - 1);
        var last = start(check, SHORT).join();
        assertDown(last, "connecting");
        assertThat(last.message()).matches("no connection within \\d+ ms: the first attempt to connect is under way");

        nanos.incrementAndGet();
        assertDown(start(check, SHORT).join(), "disconnected");
        server.thaw();
        awaitUp(check);
    }

    @Test
    void a_later_attempt_under_way_is_disconnected() throws Exception {
        var server = server();
        var network = proxy(server);
        var check = check(uri(network));
        assertUp(run(check));

        network.resetOpen();
        network.freeze();

        awaitDown(check, "disconnected");
        for (int i = 0; i < 3; i++) {
            assertDown(start(check, SHORT).join(), "disconnected");
        }
        network.heal();
        awaitUp(check);
    }

    @Test
    void the_first_attempt_with_another_client_is_connecting_again() throws Exception {
        var server = server();
        var network = proxy(server);
        var before = client(server.uri());
        var after = client(uri(network));
        var now = new AtomicReference<>(before);
        var check = closing(RedisHealthCheck.of(now::get));
        assertUp(run(check));

        network.freeze();
        now.set(after);

        assertDown(start(check, SHORT).join(), "connecting");
        network.heal();
        awaitUp(check);
    }
}
