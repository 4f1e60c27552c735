package dev.healthcheck.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Only callers that may see details see them, and details can do no harm. */
abstract class DetailsContract extends HttpContract {
    DetailsContract(Supplier<Container> containers) {
        super(containers);
    }

    @Test
    void what_is_sensitive_is_shown_to_nobody_by_default() throws Exception {
        registerSecrets();
        startUsual();

        for (String path : secretPaths()) {
            HttpResponse<String> response = get(path);
            assertThat(response.body())
                    .contains("\"reason\":\"auth\"")
                    .doesNotContain("hunter2", "message", "details", "error", "lastSuccess", "Exception");
            assertThat(response.headers().map().toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void what_is_sensitive_is_shown_to_callers_who_may_see_it() throws Exception {
        registerSecrets();
        start(HealthServlet.builder(registry)
                .showDetailsTo(request -> "yes".equals(request.getHeader("X-Operator")))
                .build());

        for (String path : secretPaths()) {
            assertThat(get(path).body()).doesNotContain("hunter2");
            HttpResponse<String> response = get(path, "X-Operator", "yes");
            assertUsualHeaders(response);
            JsonNode check =
                    path.endsWith("orders-db") ? json(response) : json(response).at("/checks/orders-db");
            assertThat(names(check))
                    .startsWith("status".equals(names(check).get(0)) ? "status" : "name")
                    .containsSubsequence("consecutiveFailures", "ref", "message", "details", "error", "lastSuccess");
            assertThat(check.get("message").textValue()).isEqualTo("no answer from " + SECRET);
            assertThat(check.get("details"))
                    .isEqualTo(json("{\"url\":\"" + SECRET + "\",\"active\":10,\"ratio\":0.5,\"nothing\":null,"
                            + "\"open\":true,\"hosts\":[\"a\",{\"port\":5432}]}"));
            assertThat(check.get("error").textValue())
                    .isEqualTo("java.lang.IllegalStateException: " + SECRET + ", caused by java.io.IOException: reset");
            assertThat(check.get("lastSuccess").textValue()).isEqualTo(NOW);
        }
        JsonNode changes = json(get("/health/orders-db", "X-Operator", "yes")).get("changes");
        assertThat(names(changes.get(0))).containsExactly("at", "to");
        assertThat(names(changes.get(1))).containsExactly("at", "from", "to", "reason", "ref", "message", "error");
        assertThat(json(get("/health/orders-db")).get("changes").toString()).doesNotContain("hunter2", "message");
    }

    @Test
    void the_view_with_details_is_the_public_one_and_more() throws Exception {
        registerSecrets();
        start(HealthServlet.builder(registry)
                .service("orders", "1")
                .showDetailsTo(request -> request.getHeader("X-Operator") != null)
                .build());
        JsonNode all = json(steady(get("/health", "X-Operator", "yes").body()));

        ((ObjectNode) all.at("/checks/orders-db")).remove(List.of("message", "details", "error", "lastSuccess"));

        assertThat(all).isEqualTo(json(steady(get("/health").body())));
    }

    @Test // R3c
    void the_stack_of_a_stuck_check_is_sensitive() throws Exception {
        registerStuck("hangs");
        start(showingAll());

        for (String path : List.of("/health/ready", "/health/hangs")) {
            JsonNode answer = json(get(path));
            JsonNode check = answer.has("checks") ? answer.at("/checks/hangs") : answer;
            assertThat(check.get("reason").textValue()).isEqualTo("stuck");
            assertThat(check.get("stack").isArray()).isTrue();
            assertThat(check.get("stack").toString()).contains(HttpContract.class.getName());
        }
    }

    @Test
    void who_may_see_is_not_everybody_when_the_predicate_throws() throws Exception {
        registerSecrets();
        start(HealthServlet.builder(registry)
                .showDetailsTo(request -> {
                    throw new NoClassDefFoundError("some");
                })
                .build());

        try (LogCapture log = new LogCapture()) {
            for (String path : secretPaths()) {
                HttpResponse<String> response = get(path);
                assertThat(response.statusCode()).isIn(200, 503);
                assertThat(response.body()).contains("\"reason\":\"auth\"").doesNotContain("hunter2");
            }
            assertThat(log.lines()).hasSize(1).first().asString().startsWith("WARN showDetails threw");
        }
    }

    @Test
    void hostile_texts_are_encoded() throws Exception {
        String hostile = "\"}],<script>alert(1)</script>\u2028\u2029\u0000\u001f\u007f\r\n\\ \ud83d\ude00 é";
        String halves = "a\ud83d b\ude00 \ude00\ud83d";
        registry.register("evil", () -> CheckResult.down(hostile)
                .withDetail(hostile, hostile)
                .withDetail(halves, halves)
                .withDetail("nan", Double.NaN)
                .withDetail("big", new BigDecimal("1E+400"))
                .withDetail("map", Map.of(hostile, List.of(halves)))
                .withCause(new IOException(hostile + halves)));
        start(showingAll());

        for (String path : List.of("/health", "/health/evil")) {
            byte[] body = client.send(request("GET", path).build(), BodyHandlers.ofByteArray())
                    .body();
            JsonNode answer = JSON.readTree(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
            JsonNode check = answer.has("checks") ? answer.at("/checks/evil") : answer;
            assertThat(check.get("message").textValue()).isEqualTo(hostile);
            assertThat(check.get("details").get(hostile).textValue()).isEqualTo(hostile);
            assertThat(check.get("details").get("a? b? ??").textValue()).isEqualTo("a? b? ??");
            assertThat(check.get("details").get("nan").textValue()).isEqualTo("NaN");
            assertThat(check.get("details").get("big").decimalValue()).isEqualTo(new BigDecimal("1E+400"));
            assertThat(check.get("details").get("map").get(hostile).get(0).textValue())
                    .isEqualTo("a? b? ??");
            assertThat(check.get("error").textValue()).contains(hostile).endsWith("a? b? ??");
        }
    }

    @Test
    void a_check_that_tells_too_much_is_cut_short() throws Exception {
        HealthCheck talks = () -> {
            CheckResult result = CheckResult.down("x".repeat(50_000)).withReason("talks");
            for (int i = 0; i < 40; i++) {
                String[] much = new String[40];
                Arrays.fill(much, "\u0001".repeat(2000));
                result = result.withDetail("detail" + i, much);
            }
            return result.withCause(new IOException("y".repeat(50_000)));
        };
        registry.register("talks", talks);
        start(showingAll());

        HttpResponse<String> response = get("/health/talks");

        assertThat(response.body().length()).isLessThan(150_000);
        JsonNode details = json(response).get("details");
        assertThat(details.get("…").textValue()).isEqualTo("…");
        assertThat(details.get("detail0").get(19).textValue()).hasSize(1000);
        assertThat(details.get("detail0").get(20).textValue()).isEqualTo("…");
    }

    private void registerSecrets() {
        AtomicReference<CheckResult> result = new AtomicReference<>(CheckResult.up());
        var registration = registry.register("orders-db", result::get, o -> o.cacheFor(ofSeconds(60)));
        registration.runNow();
        result.set(CheckResult.down("no answer from " + SECRET)
                .withReason("auth")
                .withDetail("url", SECRET)
                .withDetail("active", 10)
                .withDetail("ratio", 0.5)
                .withDetail("nothing", null)
                .withDetail("open", true)
                .withDetail("hosts", List.of("a", Map.of("port", 5432L)))
                .withCause(new IllegalStateException(SECRET, new IOException("reset"))));
        registration.runNow();
    }

    private List<String> secretPaths() {
        return List.of("/health", "/health/ready", "/health/orders-db", "/readyz");
    }

    private HealthServlet showingAll() {
        return HealthServlet.builder(registry).showDetailsTo(request -> true).build();
    }
}
