package dev.healthcheck.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import dev.healthcheck.http.RawClient.Answer;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.LiveThreads;
import dev.healthcheck.testkit.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A port of its own, over sockets. */
class HealthServerTest {
    private static final String SECRET = "hunter2";
    private static final String TOKEN = "let-me-see-the-details";
    private static final String END = " HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final LiveThreads threads = new LiveThreads();
    private final HealthCheckRegistry registry = HealthCheckRegistry.builder()
            .answerWithin(Duration.ofSeconds(20))
            .defaults(o -> o.timeout(Duration.ofSeconds(15)).cacheFor(Duration.ofMinutes(10)))
            .build();
    private final Hang hang = new Hang();
    private final List<HealthServer> servers = new ArrayList<>();

    @AfterEach
    void close() {
        hang.release();
        servers.forEach(HealthServer::close);
        registry.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/health, 503, ''",
        "/health/, 503, ''",
        "/health?verbose, 503, ''",
        "/health/live, 200, live",
        "/health/ready, 503, ready",
        "/health/ready/, 503, ready",
        "/livez, 200, live",
        "/livez/, 200, live",
        "/readyz, 503, ready",
        "/startupz, 200, startup",
        "/healthz, 503, ''"
    })
    void it_serves_the_paths_of_probes(String path, int status, String probe) throws Exception {
        registry.register("orders-db", () -> CheckResult.down("gone"));

        Answer answer = get(started(), path);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Cache-Control", "no-store")
                .containsKey("Vary")
                .containsEntry("X-Content-Type-Options", "nosniff")
                .doesNotContainKeys("Connection", "Server");
        assertThat(answer.headers().get("Date"))
                .matches("(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z][a-z] \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
        assertThat(answer.body())
                .startsWith("{\"status\":")
                .contains(probe.isEmpty() ? "orders-db" : "\"probe\":\"" + probe + "\"");
    }

    @ParameterizedTest
    @CsvSource({"/health/orders-db, 200", "/health/nosuch, 404", "/health/orders-db/x, 404", "/, 404", "/healthy, 404"})
    void it_serves_checks_and_knows_what_it_does_not_serve(String path, int status) throws Exception {
        registry.register("orders-db", CheckResult::up);

        assertThat(get(started(), path).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "/status, /status/ready, 200",
        "/status, /readyz, 200",
        "/status, /health, 404",
        "/a/b, /a/b/orders-db, 200",
        "/, /orders-db, 200",
        "/, /ready, 200",
        "/, /, 200",
        "/, /readyz, 200"
    })
    void its_path_can_be_another_one(String prefix, String path, int status) throws Exception {
        registry.register("orders-db", CheckResult::up);

        assertThat(get(started(builder().path(prefix)), path).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "/health, './health/orders-db'",
        "/health/, './orders-db'",
        "/readyz, './health/orders-db'",
        "/readyz/, '../health/orders-db'"
    })
    void links_of_the_page_lead_to_the_checks(String path, String link) throws Exception {
        registry.register("orders-db", CheckResult::up);

        try (RawClient client = new RawClient(started().port())) {
            client.send("GET " + path
                    + " HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nUpgrade-Insecure-Requests: 1\r\n\r\n");
            assertThat(client.answer().body()).contains("href=\"" + link + "\"");
        }
    }

    @Test
    void answers_to_head_404_and_405_are_framed_so_that_the_connection_goes_on() throws Exception {
        registry.register("orders-db", CheckResult::up);

        try (RawClient client = new RawClient(started().port())) {
            for (int i = 0; i < 3; i++) {
                int length = Integer.parseInt(
                        client.get("/health/orders-db").headers().get("Content-Length"));
                Answer head = client.send("HEAD /health/orders-db" + END).answerWithoutBody();
                assertThat(head.status()).isEqualTo(200);
                assertThat(Integer.parseInt(head.headers().get("Content-Length")))
                        .isBetween(length - 5, length + 5);
                assertThat(client.get("/nosuch").status()).isEqualTo(404);
                assertThat(client.send("HEAD /nosuch" + END).answerWithoutBody().status())
                        .isEqualTo(404);
                Answer refused = client.send("DELETE /health" + END).answer();
                assertThat(refused.status()).isEqualTo(405);
                assertThat(refused.headers()).containsEntry("Allow", "GET, HEAD");
                assertThat(client.send("OPTIONS *" + END).answer().status()).isEqualTo(405);
            }
        }
    }

    @Test
    void requests_that_are_sent_together_are_answered_in_order() throws Exception {
        registry.register("slow", hang);
        registry.register("orders-db", CheckResult::up);

        try (RawClient client = new RawClient(started().port())) {
            client.send("GET /health/orders-db" + END + "GET /health/slow" + END + "GET /nosuch" + END
                    + "GET /livez HTTP/1.1");
            assertThat(client.answer().body()).contains("orders-db");
            hang.release();
            assertThat(client.answer().body()).contains("slow");
            assertThat(client.answer().status()).isEqualTo(404);
            client.send("\r\nHost: localhost\r\n\r\n");
            assertThat(client.answer().body()).contains("\"live\"");
        }
    }

    @Test
    void many_requests_that_are_sent_together_are_all_answered() throws Exception {
        registry.register("orders-db", CheckResult::up);
        int many = 2_000;

        try (RawClient client = new RawClient(started().port())) {
            Thread sender = new Thread(() -> {
                try {
                    client.send(("GET /health/orders-db" + END).repeat(many));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            sender.start();
            for (int i = 0; i < many; i++) {
                assertThat(client.answer().status()).isEqualTo(200);
            }
            sender.join();
        }
    }

    @Test
    void a_client_of_http_1_0_is_answered_and_the_connection_ends_unless_it_wants_more() throws Exception {
        try (RawClient client = new RawClient(started().port())) {
            client.send("GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertThat(client.answer().headers()).containsEntry("Connection", "keep-alive");
            client.send("GET /livez HTTP/1.0\r\n\r\n");
            assertThat(client.answer().headers()).containsEntry("Connection", "close");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void a_client_that_will_send_no_more_gets_its_answer() throws Exception {
        registry.register("slow", hang);

        try (RawClient client = new RawClient(started().port())) {
            client.send("GET /health/slow" + END);
            client.shutdownOutput();
            hang.release();
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
                "GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\nabc",
                "GET /livez HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            })
    void a_request_with_a_body_is_answered_and_the_connection_ends(String request) throws Exception {
        try (RawClient client = new RawClient(started().port())) {
            Answer answer = client.send(request + "GET /livez" + END).answer();

            assertThat(answer.status()).isEqualTo(request.startsWith("POST") ? 405 : 200);
            assertThat(answer.headers()).containsEntry("Connection", "close");
            assertThat(client.isEnded()).as("the body is not read as a request").isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"400, 'GET /'", "400, 'nonsense'", "505, 'PRI * HTTP/2.0'"})
    void what_is_no_request_is_refused_and_the_connection_ends(int status, String line) throws Exception {
        try (RawClient client = new RawClient(started().port())) {
            Answer answer = client.send(line + "\r\n\r\n").answer();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.headers())
                    .containsEntry("Connection", "close")
                    .containsEntry("Cache-Control", "no-store");
            assertThat(answer.body()).startsWith("{\"problem\":\"");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void a_client_that_sends_too_much_can_read_why_it_is_refused() throws Exception {
        try (RawClient client = new RawClient(started().port())) {
            Answer answer = client.send("GET /livez HTTP/1.1\r\nX: " + "y".repeat(100_000))
                    .answer();

            assertThat(answer.status()).isEqualTo(431);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void an_answer_that_is_waited_for_holds_up_nobody() throws Exception {
        registry.register("slow", hang);
        HealthServer server = started();

        try (RawClient waits = new RawClient(server.port())) {
            waits.send("GET /health/slow" + END);
            hang.awaitBegun();
            assertThat(get(server, "/livez").status()).isEqualTo(200);
            hang.release();
            assertThat(waits.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void nobody_sees_details_by_default() throws Exception {
        registry.register("orders-db", () -> CheckResult.degraded(SECRET));
        HealthServer server = started();

        assertThat(get(server, "/health").body()).doesNotContain(SECRET);
        assertThat(withToken(server, "Bearer " + TOKEN).body()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer let-me-see-the-details, true",
        "bearer let-me-see-the-details, true",
        "Bearer let-me-see-the-detail, false",
        "Bearer let-me-see-the-detailx, false",
        "Bearer let-me-see-the-details!, false",
        "Basic let-me-see-the-details, false",
        "let-me-see-the-details, false",
        "Bearer, false"
    })
    void a_token_admits_to_details(String authorization, boolean admitted) throws Exception {
        registry.register("orders-db", () -> CheckResult.degraded(SECRET));

        Answer answer = withToken(started(builder().showDetailsToToken(TOKEN)), authorization);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().contains(SECRET)).isEqualTo(admitted);
    }

    @ParameterizedTest
    @CsvSource({
        "'Host: localhost:8081', true",
        "'Host: 127.0.0.1', true",
        "'Host: [::1]:8081', true",
        "'Host: rebound.example.org', false",
        "'Host: localhost.example.org', false",
        "'Host: localhost\r\nX-Forwarded-For: 192.0.2.1', false",
        "'Host: localhost\r\nForwarded: for=192.0.2.1', false",
        "'Host: localhost\r\nVia: 1.1 proxy', false"
    })
    void loopback_admits_to_details_unless_the_request_comes_from_elsewhere(String lines, boolean admitted)
            throws Exception {
        registry.register("orders-db", () -> CheckResult.degraded(SECRET));

        try (RawClient client =
                new RawClient(started(builder().showDetailsToLoopback()).port())) {
            client.send("GET /health HTTP/1.1\r\n" + lines + "\r\n\r\n");
            assertThat(client.answer().body().contains(SECRET)).isEqualTo(admitted);
        }
    }

    @Test
    void functions_of_the_user_run_on_a_thread_of_the_registry() throws Exception {
        registry.register("orders-db", CheckResult::up);
        registry.check();
        List<String> threads = new CopyOnWriteArrayList<>();
        HealthEndpoint endpoint = HealthEndpoint.builder(registry)
                .headers(report -> {
                    threads.add(Thread.currentThread().getName());
                    return Map.of("x-envoy-degraded", "true");
                })
                .onAnswer(answer -> threads.add(Thread.currentThread().getName()))
                .build();

        Answer answer = get(started(HealthServer.builder(endpoint)), "/health");

        assertThat(answer.headers()).containsEntry("x-envoy-degraded", "true");
        assertThat(threads).hasSize(2).allMatch("healthcheck-worker"::equals);
    }

    @Test
    void a_function_of_the_user_that_hangs_costs_answers_its_form_and_not_the_probe() throws Exception {
        registry.register("orders-db", () -> CheckResult.down("gone"));
        registry.check();
        CountDownLatch gate = new CountDownLatch(1);
        HealthEndpoint endpoint =
                HealthEndpoint.builder(registry).format(new HangingFormat(gate)).build();
        HealthServer server = started(HealthServer.builder(endpoint));

        try (RawClient stuck = new RawClient(server.port())) {
            stuck.send("GET /readyz HTTP/1.1\r\nHost: x\r\nAccept: application/xml\r\n\r\n");
            assertThat(get(server, "/readyz").status()).isEqualTo(503);
            await().atMost(Patience.patiently(Duration.ofSeconds(10)))
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        try (RawClient client = new RawClient(server.port(), Duration.ofSeconds(1))) {
                            client.send("GET /readyz HTTP/1.1\r\nHost: x\r\nAccept: application/xml\r\n\r\n");
                            Answer answer = client.answer();
                            assertThat(answer.status()).isEqualTo(503);
                            assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
                        }
                    });
        } finally {
            gate.countDown();
        }
    }

    @Test
    void headers_that_would_break_the_answer_are_left_out() throws Exception {
        HealthEndpoint endpoint = HealthEndpoint.builder(registry)
                .headers(report -> Map.of(
                        "X-Split", "a\r\nSet-Cookie: b",
                        "X Name", "a",
                        "Content-Length", "0",
                        "transfer-encoding", "chunked",
                        "X-Good", "yes"))
                .build();

        try (CapturedLog log = new CapturedLog()) {
            Answer answer = get(started(HealthServer.builder(endpoint)), "/health");

            assertThat(answer.headers())
                    .containsEntry("X-Good", "yes")
                    .doesNotContainKeys("X-Split", "Set-Cookie", "X Name", "Transfer-Encoding");
            assertThat(answer.body()).startsWith("{\"status\":\"UP\"");
            assertThat(log.lines(Level.WARN)).hasSize(1);
        }
    }

    @Test
    void a_close_releases_port_and_thread() throws Exception {
        HealthServer server = started();
        Thread thread = itsThread();

        try (RawClient idle = new RawClient(server.port())) {
            idle.get("/livez");
            server.close();
            assertThat(refusesConnections(server.port())).isTrue();
            assertThat(idle.isEnded()).isTrue();
            assertThat(thread.isAlive()).isFalse();
        }
        server.close();
    }

    /** The second that a close waits may pass on a busy machine before the answer is there, but not each time. */
    @Test
    void a_close_answers_what_waits() {
        await().atMost(Patience.patiently(Duration.ofSeconds(10))).until(this::isAnsweredDuringClose);
    }

    private boolean isAnsweredDuringClose() throws Exception {
        Hang check = new Hang();
        HealthServer server = started();
        String name = "slow-" + servers.size();
        registry.register(name, check);
        try (RawClient waits = new RawClient(server.port())) {
            waits.send("GET /health/" + name + END);
            check.awaitBegun();
            new Thread(server::close).start();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> refusesConnections(server.port()));
            check.release();
            return waits.answer().status() == 200 && waits.isEnded();
        } catch (IOException e) { // the second has passed
            return false;
        } finally {
            check.release();
        }
    }

    @Test
    void a_close_does_not_wait_for_a_check_that_hangs() throws Exception {
        registry.register("slow", hang);
        HealthServer server = started();

        try (RawClient waits = new RawClient(server.port())) {
            waits.send("GET /health/slow" + END);
            hang.awaitBegun();
            Patience.assertAnsweredWithin(Duration.ofSeconds(1), () -> {
                server.close();
                return "";
            });
            assertThat(waits.isEnded()).isTrue();
        }
    }

    @Test
    void a_port_that_is_taken_is_named() throws Exception {
        HealthServer first = started();

        assertThatThrownBy(() -> HealthServer.start(registry, first.port()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("port " + first.port() + " cannot be opened: Address already in use");
        first.close();
        servers.add(HealthServer.start(registry, first.port()));
    }

    @Test
    void bad_values_are_named() {
        assertThatThrownBy(() -> builder().port(65536)).hasMessage("port: 65536 (expected: 0 to 65535)");
        assertThatThrownBy(() -> builder().port(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder().showDetailsToToken("short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("token: of 5 characters (expected: at least 16")
                .hasMessageNotContaining("short");
        assertThatThrownBy(() -> builder().showDetailsToToken("a token with blanks"))
                .isInstanceOf(IllegalArgumentException.class);
        for (String path : List.of("", "health", "/health/", "//", "/a b", "/..", "/%41")) {
            assertThatThrownBy(() -> builder().path(path))
                    .as(path)
                    .hasMessage("path: \"" + path + "\" (expected: as in /health, or /)");
        }
    }

    @Test
    void it_listens_everywhere_unless_told_otherwise() throws Exception {
        InetAddress other = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLinkLocalAddress())
                .reduce((one, two) -> one.isLoopbackAddress() ? two : one)
                .orElseThrow();
        HealthServer everywhere = started();
        HealthServer local = started(builder().bind(InetAddress.getLoopbackAddress()));

        assertThat(accepts(other, everywhere.port())).isTrue();
        assertThat(accepts(InetAddress.getLoopbackAddress(), local.port())).isTrue();
        assertThat(accepts(other, local.port()))
                .isEqualTo(other.isLoopbackAddress() && other.equals(InetAddress.getLoopbackAddress()));
    }

    @Test
    void its_thread_is_a_daemon_without_the_class_loader_of_the_application() throws Exception {
        started();
        Thread thread = itsThread();

        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("healthcheck-http");
        assertThat(thread.getContextClassLoader()).isNull();
    }

    private HealthServer.Builder builder() {
        return HealthServer.builder(registry).port(0);
    }

    private HealthServer started() {
        return started(builder());
    }

    private HealthServer started(HealthServer.Builder builder) {
        HealthServer server = builder.port(0).start();
        servers.add(server);
        return server;
    }

    private static Answer get(HealthServer server, String path) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            return client.get(path);
        }
    }

    private static Answer withToken(HealthServer server, String authorization) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.send("GET /health HTTP/1.1\r\nHost: x\r\nAuthorization: " + authorization + "\r\n\r\n");
            return client.answer();
        }
    }

    /** Returns the thread of the only server that this test has started. */
    private Thread itsThread() {
        return threads.since().stream()
                .filter(thread -> thread.getName().equals("healthcheck-http"))
                .reduce((one, two) -> {
                    throw new AssertionError("two threads");
                })
                .orElseThrow();
    }

    private static boolean refusesConnections(int port) {
        return !accepts(InetAddress.getLoopbackAddress(), port);
    }

    private static boolean accepts(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 10_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Does not return before the gate is open. */
    private record HangingFormat(CountDownLatch gate) implements HealthFormat {
        @Override
        public String contentType() {
            return "application/xml";
        }

        @Override
        public byte[] report(HealthReport report, boolean details) {
            return hang();
        }

        @Override
        public byte[] check(CheckReport check, boolean details) {
            return hang();
        }

        @Override
        public byte[] pending(Status status) {
            return hang();
        }

        @Override
        public byte[] problem(String what) {
            return hang();
        }

        private byte[] hang() {
            try {
                gate.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new byte[0];
        }
    }
}
