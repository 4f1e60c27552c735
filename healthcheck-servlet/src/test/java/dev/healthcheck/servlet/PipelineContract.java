package dev.healthcheck.servlet;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Probe;
import dev.healthcheck.servlet.Wire.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A client sends several requests on one connection without waiting. Each gets its own answer, in order. */
abstract class PipelineContract extends HttpContract {
    PipelineContract(Supplier<Container> containers) {
        super(containers);
    }

    @Test
    void requests_in_one_write_are_answered_in_order_though_the_first_has_to_wait() throws Exception {
        registry.register("slow", waitsForGate(), o -> o.cacheFor(Duration.ZERO));
        registry.register("alive", CheckResult::up, o -> o.probes(Probe.LIVENESS));
        startUsual();
        try (Wire wire = Wire.to(port)) {
            wire.send(aGet("/health/ready")
                    + aHead("/health/slow")
                    + aGet("/health/nosuch")
                    + aHead("/health/nosuch")
                    + aGet("/livez")
                    + aRequest("POST", "/health", "Content-Length: 3\r\n", "abc")
                    + aGet("/health/slow")
                    + aGet("/health", "Accept: text/plain\r\n")
                    + aGet("/health/live", "Connection: close\r\n"));
            await().until(() -> atGate.get() == 1);
            gate.countDown();

            JsonNode ready = json(next(wire, "GET", 200));
            assertThat(ready.get("probe").textValue()).isEqualTo("ready");
            assertThat(names(ready.get("checks"))).containsExactly("slow");
            assertThat(next(wire, "HEAD", 200)).isEmpty();
            assertThat(next(wire, "GET", 404)).contains("no such check");
            assertThat(next(wire, "HEAD", 404)).isEmpty();
            assertThat(json(next(wire, "GET", 200)).get("probe").textValue()).isEqualTo("live");
            assertThat(next(wire, "POST", 405)).contains("only GET and HEAD");
            assertThat(json(next(wire, "GET", 200)).get("name").textValue()).isEqualTo("slow");
            assertThat(next(wire, "GET", 200)).isEqualTo("[+]slow ok\n[+]alive ok\nhealth check passed\n");
            assertThat(json(next(wire, "GET", 200)).get("probe").textValue()).isEqualTo("live");
            assertThat(wire.isClosed()).isTrue();
        }
    }

    @Test
    void many_that_all_have_to_wait_are_not_mixed_up() throws Exception {
        for (int i = 0; i < 5; i++) {
            registry.register("check" + i, takes20Millis(), o -> o.cacheFor(Duration.ZERO));
        }
        startUsual();
        try (Wire wire = Wire.to(port)) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append(aRequest(i % 3 == 0 ? "HEAD" : "GET", "/health/check" + i % 5, "", ""));
            }
            wire.send(requests.toString());

            for (int i = 0; i < 50; i++) {
                String body = next(wire, i % 3 == 0 ? "HEAD" : "GET", 200);
                assertThat(i % 3 == 0 ? body : json(body).get("name").textValue())
                        .isEqualTo(i % 3 == 0 ? "" : "check" + i % 5);
            }
        }
    }

    @Test
    void a_request_may_come_byte_by_byte() throws Exception {
        registry.register("slow", takes20Millis(), o -> o.cacheFor(Duration.ZERO));
        startUsual();
        try (Wire wire = Wire.to(port)) {
            for (int i = 0; i < 2; i++) {
                for (char c : aGet("/health/slow", "Accept: text/plain\r\n").toCharArray()) {
                    wire.send(String.valueOf(c));
                }
                assertThat(next(wire, "GET", 200)).startsWith("[+]slow ok\n");
            }
        }
    }

    private static HealthCheck takes20Millis() {
        CountDownLatch never = new CountDownLatch(1);
        return () -> never.await(20, MILLISECONDS) ? CheckResult.down("") : CheckResult.up();
    }

    /** Returns the body of the next response, which must have a Content-Length. */
    private static String next(Wire wire, String method, int status) throws IOException {
        Response response = wire.response(method);
        assertThat(response).isNotNull();
        assertThat(response.status()).as(response.toString()).isEqualTo(status);
        assertThat(response.header("Content-Length")).singleElement().asString().matches("[1-9]\\d*");
        assertThat(response.header("Cache-Control")).containsExactly("no-store");
        return response.body();
    }
}
