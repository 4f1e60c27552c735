package dev.healthcheck.servlet;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The status code of each verdict, and the body that explains it. */
abstract class VerdictsContract extends HttpContract {
    VerdictsContract(Supplier<Container> containers) {
        super(containers);
    }

    @ParameterizedTest // R9c
    @CsvSource({"UP, 200", "DEGRADED, 200", "DOWN, 503"})
    void only_down_is_503(Status status, int code) throws Exception {
        registry.register("some", () -> switch (status) {
            case UP -> CheckResult.up();
            case DEGRADED -> CheckResult.degraded("limps");
            case DOWN -> CheckResult.down("gone");
        });
        startUsual();

        for (String path : List.of("/health", "/health/ready", "/health/some", "/readyz", "/healthz")) {
            HttpResponse<String> response = get(path);
            assertThat(response.statusCode()).isEqualTo(code);
            assertThat(json(response).get("status").textValue()).isEqualTo(status.name());
        }
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test // R13a, R13b
    void draining_is_said_but_of_the_process_being_alive() throws Exception {
        registry.register("orders-db", CheckResult::up);
        startUsual();

        registry.drain();

        for (String path : List.of("/health", "/health/ready", "/readyz", "/healthz")) {
            HttpResponse<String> response = get(path);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).startsWith("{\"status\":\"DOWN\",\"reason\":\"draining\",\"");
        }
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/startup").statusCode()).isEqualTo(200);
        assertThat(get("/health/orders-db").statusCode()).isEqualTo(200);
        assertThat(get("/health/live").body()).doesNotContain("draining");
    }

    @Test // R16c
    void a_closed_registry_is_no_dead_process() throws Exception {
        registry.register("orders-db", CheckResult::up);
        registry.register("alive", CheckResult::up, o -> o.probes(Probe.LIVENESS));
        startUsual();
        get("/health");

        registry.close();

        HttpResponse<String> ready = get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(steady(ready.body()))
                .startsWith("{\"status\":\"DOWN\",\"reason\":\"closed\",\"probe\":\"ready\",\"timestamp\":");
        assertThat(json(get("/health")).get("reason").textValue()).isEqualTo("closed");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test // R12d
    void starting_is_said_until_it_has_started() throws Exception {
        AtomicReference<CheckResult> migrations = new AtomicReference<>(CheckResult.down("pending"));
        var registration = registry.register("migrations", migrations::get, o -> o.probes(Probe.STARTUP));
        registry.register("orders-db", CheckResult::up);
        startUsual();

        assertThat(get("/health/startup").statusCode()).isEqualTo(503);
        HttpResponse<String> ready = get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(json(ready).get("reason").textValue()).isEqualTo("starting");
        assertThat(json(get("/health")).get("reason").textValue()).isEqualTo("starting");

        migrations.set(CheckResult.up());
        registration.runNow();

        assertThat(get("/health/startup").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(json(get("/health/ready")).has("reason")).isFalse();
    }

    @Test
    void a_check_that_has_not_been_run_has_no_dates() throws Exception {
        registry.register("slow", waitsForGate(), o -> o.every(ofSeconds(60)).timeout(ofSeconds(50)));
        registry.close();
        startUsual();

        assertThat(json(get("/health/slow")))
                .isEqualTo(json("{\"name\":\"slow\",\"status\":\"DOWN\",\"required\":true,\"reason\":\"pending\","
                        + "\"durationMs\":0.0,\"runs\":[],\"changes\":[]}"));
    }

    @Test // R3b
    void a_stuck_check_says_for_how_long() throws Exception {
        registerStuck("hangs");
        start(HealthServlet.of(registry));

        HttpResponse<String> response = get("/health/ready");

        JsonNode check = json(response).at("/checks/hangs");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(names(check))
                .containsExactly(
                        "status",
                        "required",
                        "reason",
                        "durationMs",
                        "checkedAt",
                        "since",
                        "consecutiveFailures",
                        "ref",
                        "runningForMs");
        assertThat(check.get("reason").textValue()).isEqualTo("stuck");
        assertThat(check.get("runningForMs").doubleValue()).isGreaterThanOrEqualTo(50.0);
        assertThat(names(json(get("/health/hangs")))).contains("runningForMs").doesNotContain("stack", "message");
    }

    @Test
    void the_service_is_shown_if_it_was_given() throws Exception {
        start(HealthServlet.builder(registry)
                .service("orders", "1.4.2")
                .info("commit", "4f2\"a\u2028<script>")
                .build());

        for (String path : List.of("/health", "/health/live")) {
            JsonNode report = json(get(path));
            assertThat(report.get("service"))
                    .isEqualTo(json(
                            "{\"name\":\"orders\",\"version\":\"1.4.2\"," + "\"commit\":\"4f2\\\"a\u2028<script>\"}"));
        }
        assertThat(steady(get("/health").body()))
                .startsWith("{\"status\":\"UP\",\"timestamp\":\"" + NOW
                        + "\",\"durationMs\":0.0,\"service\":{\"name\":\"orders\",");
    }
}
