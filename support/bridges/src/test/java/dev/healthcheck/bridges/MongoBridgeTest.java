package dev.healthcheck.bridges;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.Patience;
import dev.healthcheck.testkit.TcpProxy;
import java.time.Duration;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("faults")
class MongoBridgeTest {
    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final HealthCheckRegistry health = HealthCheckRegistry.builder()
            .defaults(o -> o.cacheFor(Duration.ZERO))
            .build();

    private TcpProxy network;
    private MongoClient client;

    // recipe
    static HealthCheck of(MongoClient client) {
        return new HealthCheck() {
            @Override
            public CheckResult check() {
                return check(Deadline.after(ofMillis(800)));
            }

            @Override
            public CheckResult check(Deadline deadline) {
                try {
                    MongoDatabase admin = client.getDatabase("admin");
                    admin.withTimeout(deadline.ownBudget().toMillis(), MILLISECONDS)
                            .runCommand(new Document("ping", 1));
                    return CheckResult.up();
                } catch (MongoException e) {
                    return CheckResult.down(e).withReason("unreachable");
                }
            }

            @Override
            public CheckOptions options(CheckOptions defaults) {
                return defaults.dependency().interruptOnTimeout(false);
            }
        };
    }
    // end of recipe

    @BeforeEach
    void start() throws Exception {
        network = TcpProxy.to(server.bind().getPort());
        client = MongoClients.create("mongodb://127.0.0.1:" + network.port());
        // recipe
        health.register("orders", of(client), o -> o.optional());
        // end of recipe
        awaitUp();
    }

    @AfterEach
    void stop() throws Exception {
        health.close();
        client.close();
        network.close();
        server.shutdownNow();
    }

    @Test
    void a_server_that_is_killed_is_unreachable_in_time_and_not_after_the_thirty_seconds_of_the_driver()
            throws Exception {
        server.shutdownNow();

        assertThat(Patience.assertAnsweredWithin(ofSeconds(2), this::askedFor2Seconds))
                .hasToString("DOWN (unreachable)");
        assertThat(Patience.assertAnsweredWithin(ofMillis(900), this::shown).status())
                .hasToString("DOWN");
    }

    @Test
    void a_server_that_is_silent_is_unreachable_in_time_and_up_again_when_it_answers() throws Exception {
        network.freeze();
        assertThat(Patience.assertAnsweredWithin(ofSeconds(2), this::askedFor2Seconds))
                .hasToString("DOWN (unreachable)");
        assertThat(Patience.assertAnsweredWithin(ofMillis(900), this::shown).status())
                .hasToString("DOWN");

        network.heal();
        awaitUp();
    }

    @Test
    void a_server_that_is_slow_is_up_until_the_deadline() throws Exception {
        network.delay(ofMillis(20));
        awaitUp();

        network.delay(ofSeconds(5));
        assertThat(Patience.assertAnsweredWithin(ofMillis(900), this::shown).status())
                .hasToString("DOWN");
    }

    private CheckResult askedFor2Seconds() throws Exception {
        return of(client).check(Deadline.after(ofSeconds(2)));
    }

    private void awaitUp() {
        await().atMost(Patience.patiently(ofSeconds(20))).until(() -> shown().status() == Status.UP);
    }

    private CheckReport shown() {
        return health.check("orders").orElseThrow();
    }
}
