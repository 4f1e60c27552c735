package dev.healthcheck.grpc;

import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING;
import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Patience;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/hosts.md and examples/deploy show works. */
class GrpcRecipeTest {
    private final HealthCheckRegistry health = Patience.builder().build();

    @Test
    void a_server_of_the_documents_serves_drains_and_stops_although_somebody_watches() throws Exception {
        health.register("orders-db", CheckResult::up);
        health.register("queue", CheckResult::up);
        Server server = serve(0, health);
        try (TestClient client = TestClient.of(server.getPort())) {
            assertThat(client.check("shop.v1.Orders")).isEqualTo(SERVING);
            WatchClient watch = client.watch("shop.v1.Orders");
            watch.awaitRead(SERVING);

            health.drain();
            watch.awaitRead(SERVING, NOT_SERVING);
            stop(server, health, Duration.ofMillis(10));

            await().until(() -> watch.hasEnded() && server.isTerminated());
        }
    }

    @Test
    void the_probes_of_the_deployment_are_known() throws Exception {
        String deployment = Files.readString(Path.of("../examples/deploy/kubernetes-grpc.yaml"));
        List<String> services = Pattern.compile("^ +service: (.*)$", Pattern.MULTILINE)
                .matcher(deployment)
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(services).containsExactly("startup", "liveness", "readiness");
        try (TestServer server = TestServer.of(health)) {
            assertThat(services)
                    .allSatisfy(service ->
                            assertThat(server.client().check(service)).isEqualTo(SERVING));
        } finally {
            health.close();
        }
    }

    // recipe
    Server serve(int port, HealthCheckRegistry health) throws IOException {
        return Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
                .addService(GrpcHealthService.of(health, Map.of("shop.v1.Orders", List.of("orders-db", "queue"))))
                .build()
                .start();
    }

    void stop(Server server, HealthCheckRegistry health, Duration grace) throws InterruptedException {
        server.shutdown(); // after draining
        if (!server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            server.shutdownNow(); // a client that watches may hold its call
        }
        health.close();
    }
    // end of recipe
}
