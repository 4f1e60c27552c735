package dev.healthcheck.micrometer;

import static dev.healthcheck.micrometer.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who asks, how often, and how long an answer takes. */
class ProbeRequestsTest {
    private final HealthCheckRegistry health = HealthCheckRegistry.create();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HealthMetrics metrics = new HealthMetrics(health);
    private final HealthEndpoint endpoint =
            HealthEndpoint.builder(health).onAnswer(metrics.probeRequests()).build();

    @AfterEach
    void close() {
        health.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/ready, kube-probe/1.34, readiness, 503, kube-probe",
        "/live, ELB-HealthChecker/2.0, liveness, 200, elb",
        "/startup, GoogleHC/1.0, startup, 200, gcp",
        "'', Consul Health Check, other, 503, consul",
        "/db, haproxy, other, 503, haproxy",
        "/nosuch, Blackbox Exporter/0.27.0, other, 404, blackbox",
        "/ready, curl/8.5.0, readiness, 503, other"
    })
    void an_answer_is_timed_by_its_probe_its_code_and_the_kind_of_its_prober(
            String path, String agent, String probe, String code, String prober) {
        health.register("db", () -> CheckResult.down("gone"));
        metrics.bindTo(meters);

        endpoint.await(HealthRequest.of("GET", "/health", path, Map.of("User-Agent", agent)::get));

        eventually(() -> assertThat(meters.get("health.probe.requests")
                        .tags("probe", probe, "code", code, "prober", prober)
                        .timer()
                        .count())
                .isEqualTo(1));
        assertThat(meters.get("health.probe.requests").timer().max(TimeUnit.NANOSECONDS))
                .isPositive();
    }

    @Test
    void no_client_makes_up_a_label() {
        metrics.bindTo(meters);

        for (int i = 0; i < 1_000; i++) {
            Map<String, String> headers = Map.of("User-Agent", "agent-" + i, "Accept", "text/" + i);
            endpoint.await(HealthRequest.of("GET", "/health", "/check-" + i, headers::get));
            endpoint.await(HealthRequest.of("METHOD" + i, "/health", "/ready", headers::get));
        }

        eventually(() -> assertThat(meters.find("health.probe.requests").timers())
                .extracting(timer -> timer.count())
                .containsOnly(1_000L));
        assertThat(meters.find("health.probe.requests").meters())
                .extracting(Meter::getId)
                .extracting(id -> id.getTag("probe") + " " + id.getTag("code") + " " + id.getTag("prober"))
                .containsExactlyInAnyOrder("other 404 other", "other 405 other");
    }

    @Test
    void answers_of_the_server_with_a_port_of_its_own_are_timed_too() throws Exception {
        metrics.bindTo(meters);

        try (HealthServer server = HealthServer.builder(endpoint).port(0).start()) {
            URI uri = URI.create("http://localhost:" + server.port() + "/health/live");
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(uri)
                                    .header("User-Agent", "kube-probe/1.34")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
        }

        eventually(() -> assertThat(meters.get("health.probe.requests")
                        .tag("prober", "kube-probe")
                        .timer()
                        .count())
                .isEqualTo(1));
    }
}
