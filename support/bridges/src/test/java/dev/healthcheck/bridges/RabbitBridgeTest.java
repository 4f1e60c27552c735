package dev.healthcheck.bridges;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.Patience;
import dev.healthcheck.testkit.TcpProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

@Tag("faults")
@TestMethodOrder(OrderAnnotation.class)
class RabbitBridgeTest {
    private static final int LAST = Integer.MAX_VALUE;

    @TempDir
    private static Path directory;

    private static RabbitServer server;

    private final HealthCheckRegistry health = HealthCheckRegistry.builder()
            .defaults(o -> o.cacheFor(Duration.ZERO))
            .build();
    private final ConnectionFactory factory = new ConnectionFactory();
    private TcpProxy network;
    private Connection connection;

    // recipe
    /** Has one question on its way at most, and waits for its answer as long as its deadline allows. */
    static final class RabbitCheck implements HealthCheck {
        private static final AMQP.Basic.Qos QUESTION = new AMQP.Basic.Qos.Builder().build(); // without effect

        private final Channel channel; // one, for this check only
        private volatile CompletableFuture<?> answer = CompletableFuture.completedFuture(null);
        private volatile String blocked;

        RabbitCheck(Connection connection) throws IOException { // that of the application
            channel = connection.createChannel();
            connection.addBlockedListener(why -> blocked = why, () -> blocked = null);
        }

        @Override
        public CheckResult check() throws InterruptedException {
            return check(Deadline.after(ofMillis(800)));
        }

        @Override
        public CheckResult check(Deadline deadline) throws InterruptedException {
            try {
                if (answer.isDone()) {
                    answer = channel.asyncCompletableRpc(QUESTION);
                }
                answer.get(deadline.ownBudget().toMillis(), MILLISECONDS);
                return CheckResult.up();
            } catch (TimeoutException e) {
                String why = blocked;
                return why == null
                        ? CheckResult.down("no answer").withReason("unreachable")
                        : CheckResult.degraded(why).withReason("blocked");
            } catch (ExecutionException | AlreadyClosedException | IOException e) {
                return CheckResult.down(e).withReason("disconnected");
            }
        }

        @Override
        public CheckOptions options(CheckOptions defaults) {
            return defaults.dependency();
        }
    }
    // end of recipe

    @BeforeAll
    static void start() throws Exception {
        server = new RabbitServer(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void connect() throws Exception {
        network = TcpProxy.to(server.port);
        factory.setHost("127.0.0.1");
        factory.setPort(network.port());
        factory.setNetworkRecoveryInterval(500);
        await().atMost(Patience.patiently(ofSeconds(20))).ignoreExceptions().until(() -> {
            connection = factory.newConnection();
            return true;
        });
        // recipe
        health.register("orders", new RabbitCheck(connection), o -> o.optional());
        // end of recipe
        awaitUp();
    }

    @AfterEach
    void close() throws Exception {
        network.heal();
        health.close();
        connection.abort(0);
        network.close();
    }

    @Test
    void a_broker_that_is_silent_is_unreachable_in_time_although_the_connection_is_open() throws Exception {
        var check = new RabbitCheck(connection);
        network.freeze();
        for (int i = 0; i < 3; i++) {
            assertThat(Patience.assertAnsweredWithin(ofMillis(900), this::shown).status())
                    .isEqualTo(Status.DOWN);
        }
        assertThat(check.check(Deadline.after(ofSeconds(1)))).hasToString("DOWN (unreachable)");
        assertThat(connection.isOpen()).isTrue();
        assertThat(health.lostThreads()).isZero();

        network.heal();
        awaitUp();
    }

    @Test
    void a_broker_that_is_silent_until_the_connection_breaks_is_up_again_when_the_client_has_recovered_it()
            throws Exception {
        network.freeze();
        assertThat(shown().status()).isEqualTo(Status.DOWN);
        network.refuse();
        await().atMost(Patience.patiently(ofSeconds(10))).until(() -> "disconnected".equals(shown().reason()));

        network.heal();
        awaitUp();
    }

    @Test
    void a_connection_that_breaks_is_disconnected_and_up_again_when_the_client_has_recovered_it() throws Exception {
        network.refuse();
        await().atMost(Patience.patiently(ofSeconds(10))).until(() -> "disconnected".equals(shown().reason()));

        network.heal();
        awaitUp();
    }

    @Test
    void a_broker_that_is_short_of_memory_blocks_who_publishes_and_is_degraded() throws Exception {
        try (Channel channel = connection.createChannel()) {
            channel.queueDeclare("orders", false, false, true, null);
            server.control("set_vm_memory_high_watermark", "absolute", "1MB");
            CheckReport blocked = await().atMost(Patience.patiently(ofSeconds(20)))
                    .until(
                            () -> {
                                channel.basicPublish("", "orders", null, "1".getBytes(UTF_8));
                                return shown();
                            },
                            report -> "blocked".equals(report.reason()));
            assertThat(blocked.status()).isEqualTo(Status.DEGRADED);

            server.control("set_vm_memory_high_watermark", "0.9");
            awaitUp();
        }
    }

    /** So a time limit of the client is no way out: it is that of the whole connection, too. */
    @Test
    void a_time_limit_of_the_client_closes_the_channel_for_good() throws Exception {
        factory.setChannelRpcTimeout(2000);
        try (Connection other = factory.newConnection()) {
            Channel channel = other.createChannel();
            network.freeze();
            assertThatThrownBy(() -> channel.basicQos(0));
            network.heal();

            assertThat(other.isOpen()).isTrue();
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    @Order(LAST)
    void a_broker_that_is_killed_is_disconnected_in_time() throws Exception {
        server.kill();

        await().atMost(Patience.patiently(ofSeconds(10))).until(() -> "disconnected".equals(shown().reason()));
        Patience.assertAnsweredWithin(ofMillis(900), this::shown);
    }

    private void awaitUp() {
        await().atMost(Patience.patiently(ofSeconds(20))).until(() -> shown().status() == Status.UP);
    }

    private CheckReport shown() {
        return health.check("orders").orElseThrow();
    }
}
