package dev.healthcheck.servlet;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.RandomRequests;
import dev.healthcheck.http.Randoms;
import dev.healthcheck.servlet.Wire.Response;
import dev.healthcheck.testkit.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Properties that hold for every request on a connection. */
@Timeout(300) // seconds: thousands of requests, perhaps on a busy machine
class WireFuzzTest {
    private static final String SECRET = "hunter2";

    @Test
    void over_the_wire_every_answer_is_whole_and_nothing_is_told() throws Exception {
        try (HealthCheckRegistry registry = Patience.builder().build()) {
            registry.register(
                    "orders-db",
                    () -> CheckResult.degraded(SECRET).withDetail("url", SECRET),
                    o -> o.cacheFor(Duration.ZERO));
            Container container = new JettyEe10Container();
            container.mount(HealthServlet.of(registry), true, "/health/*", "/livez", "/readyz");
            int port = container.start();
            try (Talk talk = new Talk(port)) {
                Randoms.forAll(4_000, WireFuzzTest::hostileRequest, talk::says);
                talk.says("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(talk.statuses).contains(200, 400, 404, 405);
                assertThat(talk.whole).isGreaterThan(1000);
            } finally {
                container.stop();
            }
        }
    }

    private static String hostileRequest(Randoms randoms) {
        String target = "/health" + RandomRequests.path(randoms, 6, 0x100);
        String query =
                randoms.below(2) == 0 ? "" : "?" + randoms.joined(List.of("a", "=", "&", "%", "%0d%0a"), 9, 0x100);
        String method = randoms.oneOf(List.of("GET", "GET", "GET", "HEAD", "POST"));
        String header = RandomRequests.accept(randoms, 12, 0x100);
        String line = method + " " + (randoms.below(3) == 0 ? target : target.replaceAll("[^!-~]|[?#%\\\\]", ""))
                + query + " HTTP/1.1";
        String field = randoms.oneOf(List.of("Accept", "X-Y", "Cookie", "If-Match")) + ": "
                + (randoms.below(3) == 0 ? header : header.replaceAll("[^ -~]", ""));
        return Stream.of(line, "Host: localhost", field, "", "")
                .map(text -> text.replaceAll("[\r\n]", "")) // a line break would end the request or begin another
                .collect(joining("\r\n"));
    }

    /** Sends requests on one connection until the server closes it, then on the next. */
    private static final class Talk implements AutoCloseable {
        private static final Set<Integer> ALLOWED = Set.of(200, 400, 404, 405, 414, 431);

        private final Set<Integer> statuses = new TreeSet<>();
        private final int port;
        private @Nullable Wire wire;
        private int whole;

        Talk(int port) {
            this.port = port;
        }

        void says(String request) throws IOException {
            Wire open = wire == null ? Wire.to(port) : wire;
            wire = null;
            String method = request.startsWith("HEAD ") ? "HEAD" : "GET";
            Response response = open.send(request).response(method);

            assertThat(response).isNotNull();
            assertThat(response.status()).isIn(ALLOWED);
            assertThat(response.head() + response.body()).doesNotContain(SECRET);
            if (response.status() == 400 || response.closes()) {
                open.close();
            } else {
                wire = open;
            }
            statuses.add(response.status());
            whole++;
        }

        @Override
        public void close() throws IOException {
            if (wire != null) {
                wire.close();
            }
        }
    }
}
