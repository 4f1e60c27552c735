package dev.healthcheck.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.testkit.AdapterContract;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A check of Redis keeps the contract of all adapters. */
class RedisContractTest extends AdapterContract {
    private static final String PASSWORD = "open-sesame-4711";

    private static RedisServer server;
    private static RedisClient observer;
    private static StatefulRedisConnection<String, String> observing;

    @BeforeAll
    static void startServer() {
        server = RedisServer.started("--requirepass", PASSWORD);
        observer = RedisClient.create(uri(server.port()));
        observing = observer.connect();
    }

    @AfterAll
    static void closeServer() {
        observer.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        server.close();
    }

    @Override
    protected int serverPort() {
        return server.port();
    }

    @Override
    protected Application application(int port) {
        RedisClient client = RedisClient.create(uri(port));
        return new Connected(client, client.connect());
    }

    @Override
    protected int clients() {
        return (int) observing.sync().clientList().lines().count() - 1;
    }

    @Override
    protected Set<String> reasons() {
        return Set.of("connecting", "disconnected", "timeout");
    }

    @Override
    protected Set<String> secrets() {
        return Set.of(PASSWORD);
    }

    private static RedisURI uri(int port) {
        return RedisURI.builder()
                .withHost("localhost")
                .withPort(port)
                .withPassword(PASSWORD.toCharArray())
                .withTimeout(Duration.ofSeconds(2))
                .build();
    }

    private record Connected(RedisClient client, StatefulRedisConnection<String, String> connection)
            implements Application {
        @Override
        public HealthCheck check() {
            return RedisHealthCheck.of(client);
        }

        @Override
        public void work() {
            assertThat(connection.sync().ping()).isEqualTo("PONG");
        }

        @Override
        public void assertUnburdened() {
            work(); // a command that is left in a queue comes first, and its answer is not ours
        }

        @Override
        public void close() {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }
}
