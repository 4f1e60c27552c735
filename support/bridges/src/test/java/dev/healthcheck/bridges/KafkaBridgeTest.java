package dev.healthcheck.bridges;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.AsyncHealthCheck;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Status;
import dev.healthcheck.checks.Heartbeat;
import dev.healthcheck.testkit.Patience;
import dev.healthcheck.testkit.Ports;
import dev.healthcheck.testkit.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
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
class KafkaBridgeTest {
    private static final int LAST = Integer.MAX_VALUE;
    private static final int QUESTIONS = 5;

    @TempDir
    private static Path directory;

    private static TcpProxy network;
    private static ServerProcess server;
    private static Admin admin;

    private final HealthCheckRegistry health = HealthCheckRegistry.builder()
            .defaults(o -> o.cacheFor(Duration.ZERO))
            .build();

    // recipe
    static AsyncHealthCheck of(Admin admin) { // one for the life of the application
        DescribeClusterOptions options = new DescribeClusterOptions().timeoutMs(700); // the client's own is 60 s
        return () -> admin.describeCluster(options)
                .nodes()
                .toCompletionStage()
                .handle((nodes, e) -> e == null
                        ? CheckResult.up().withDetail("nodes", nodes.size())
                        : CheckResult.down(e).withReason("unreachable"));
    }
    // end of recipe

    @BeforeAll
    static void start() throws Exception {
        int port = Ports.free();
        network = TcpProxy.to(port);
        server = KafkaServer.start(directory, port, network.port());
        admin = Admin.create(Map.of("bootstrap.servers", address()));
    }

    @AfterAll
    static void stop() throws Exception {
        admin.close(Duration.ZERO);
        server.close();
        network.close();
    }

    @BeforeEach
    void register() {
        // recipe
        health.registerAsync("orders", of(admin), o -> o.dependency().optional());
        // end of recipe
        awaitUp();
    }

    @AfterEach
    void close() throws Exception {
        network.heal();
        health.close();
    }

    @Test
    void a_broker_that_is_silent_is_unreachable_in_time_without_more_threads_and_up_again_when_it_answers()
            throws Exception {
        network.freeze();
        await().atMost(Patience.patiently(ofSeconds(10))).until(() -> "unreachable".equals(shown().reason()));
        long threads = threads();
        for (int i = 0; i < QUESTIONS; i++) {
            assertThat(Patience.assertAnsweredWithin(ofMillis(900), this::shown).status())
                    .isEqualTo(Status.DOWN);
        }
        assertThat(threads()).isLessThan(threads + QUESTIONS);

        network.heal();
        awaitUp();
    }

    /** Those of clients and registries. The network has some for each connection, and clients that get no answer open more. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("kafka") || name.startsWith("healthcheck"))
                .count();
    }

    @Test
    void a_consumer_takes_no_message_while_the_instance_is_not_ready_and_keeps_its_partitions() throws Exception {
        admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1))).all().get();
        var done = new CopyOnWriteArrayList<String>();
        var database = new Switch();
        var beat = Heartbeat.within(ofMinutes(5));
        var rebalances = new CopyOnWriteArrayList<String>();
        health.register("database", database);
        try (var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", address()),
                        new StringSerializer(),
                        new StringSerializer());
                var consumer = new KafkaConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers", address(), "group.id", "orders", "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.subscribe(List.of("orders"), new Rebalances(rebalances));
            Thread thread = new Thread(
                    () -> KafkaConsumerBridge.consume(consumer, health, beat, message -> done.add(message.value())));
            thread.start();
            producer.send(new ProducerRecord<>("orders", "1")).get();
            await().atMost(Patience.patiently(ofSeconds(20)))
                    .untilAsserted(() -> assertThat(done).containsExactly("1"));

            database.answer = CheckResult.down("gone");
            database.awaitTwoQuestions();
            producer.send(new ProducerRecord<>("orders", "2")).get();
            database.awaitTwoQuestions();
            database.awaitTwoQuestions();
            assertThat(done).containsExactly("1");
            assertThat(beat.check()).hasToString("UP");

            database.answer = CheckResult.up();
            await().atMost(Patience.patiently(ofSeconds(20)))
                    .untilAsserted(() -> assertThat(done).containsExactly("1", "2"));
            assertThat(rebalances).containsExactly("assigned");

            health.drain();
            thread.join(30_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    @Order(LAST)
    void a_broker_that_is_killed_is_unreachable_in_time_and_the_poll_of_a_consumer_does_not_say_so() throws Exception {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", address(), "group.id", "others"),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.subscribe(List.of("orders"));
        consumer.poll(ofSeconds(1));
        server.kill();

        await().atMost(Patience.patiently(ofSeconds(10))).until(() -> "unreachable".equals(shown().reason()));
        assertThat(Patience.assertAnsweredWithin(ofMillis(900), this::shown).status())
                .isEqualTo(Status.DOWN);
        assertThat(consumer.poll(ofSeconds(1))).isEmpty();
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    @Test
    void an_admin_for_a_name_without_an_address_cannot_be_created() {
        assertThatThrownBy(() -> Admin.create(Map.of("bootstrap.servers", "kafka.invalid:9092")))
                .isInstanceOf(KafkaException.class);
    }

    private void awaitUp() {
        await().atMost(Patience.patiently(ofSeconds(20))).until(() -> shown().status() == Status.UP);
    }

    private CheckReport shown() {
        return health.check("orders").orElseThrow();
    }

    private static String address() {
        return "127.0.0.1:" + network.port();
    }
}
