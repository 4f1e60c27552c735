package dev.healthcheck.hosts;

import static dev.healthcheck.testkit.RawHttp.head;
import static dev.healthcheck.testkit.RawHttp.send;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.http.HealthAnswer;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.testkit.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each adapter does, over a socket. */
abstract class HostContract {
    static final Duration LOCALLY = Duration.ofSeconds(5);

    /** More than any of the servers has threads. */
    private static final int MANY = 20;

    final HealthCheckRegistry health = Patience.builder().build();
    final CountDownLatch gate = new CountDownLatch(1);
    final AtomicInteger waiting = new AtomicInteger();
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    /** What the endpoint has encoded. */
    final List<HealthAnswer> answers = new CopyOnWriteArrayList<>();

    private final Host host = host();
    private int port;

    abstract Host host();

    @BeforeEach
    void start() throws Exception {
        health.register("orders-db", CheckResult::up, o -> o.cacheFor(Duration.ofMinutes(10)));
        port = host.start(HealthEndpoint.builder(health).onAnswer(answers::add).build());
    }

    @AfterEach
    void stop() throws Exception {
        gate.countDown();
        host.stop();
        health.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/", "/health/ready", "/health/ready?verbose", "/health/orders%2Ddb"})
    void GET_is_answered_with_200(String path) throws Exception {
        HttpResponse<String> response = ask("GET", path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith("{\"status\":\"UP\"").endsWith("}\n");
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(response, "Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(header(response, "Content-Length"))
                .isEqualTo(Integer.toString(response.body().getBytes(UTF_8).length));
    }

    @Test
    void GET_is_answered_with_503_if_a_check_is_DOWN() throws Exception {
        health.register("cache", () -> CheckResult.down("gone"));

        HttpResponse<String> response = ask("GET", "/health/ready");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).startsWith("{\"status\":\"DOWN\"").contains("\"cache\"");
    }

    @Test
    void HEAD_has_the_length_of_GET_and_no_body() throws Exception {
        String length = header(ask("GET", "/health/nosuch"), "Content-Length");

        try (Socket socket = connect()) {
            send(socket, "HEAD /health/nosuch HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(head(socket)).startsWith("HTTP/1.1 404").containsIgnoringCase("\r\ncontent-length: " + length);
            // a body of the first answer would stand before the second
            send(socket, "GET /health/nosuch HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(head(socket)).startsWith("HTTP/1.1 404").containsIgnoringCase("\r\ncontent-length: " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void another_method_is_answered_with_405_and_the_methods_that_are_allowed(String method) throws Exception {
        HttpResponse<String> response = ask(method, "/health/ready");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void an_unknown_check_is_answered_with_404() throws Exception {
        HttpResponse<String> response = ask("GET", "/health/nosuch");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/healthy", "/other/health"})
    void another_path_is_not_the_endpoint_s(String path) throws Exception {
        HttpResponse<String> response = ask("GET", path);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().map()).doesNotContainKey("cross-origin-resource-policy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept", "accept", "ACCEPT", "aCCEPT"})
    void the_case_of_a_header_s_name_does_not_matter(String name) throws Exception {
        try (Socket socket = connect()) {
            send(socket, "GET /health HTTP/1.1\r\nHost: a\r\n" + name + ": text/plain\r\n\r\n");

            assertThat(head(socket)).containsIgnoringCase("\r\ncontent-type: text/plain");
        }
    }

    @Test
    void an_answer_ends_the_connection_if_the_client_says_so_and_not_otherwise() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(head(socket)).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("\r\nconnection: close");
            send(socket, "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(head(socket)).startsWith("HTTP/1.1 200").containsIgnoringCase("\r\nconnection: close");
            assertEndsAfterBody(socket);
        }
    }

    void assertEndsAfterBody(Socket socket) throws IOException {
        assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
    }

    @Test
    void a_check_of_100_ms_is_waited_for() throws Exception {
        // its work takes that long, whatever else happens
        health.register("slow", () -> {
            TimeUnit.MILLISECONDS.sleep(100);
            return CheckResult.up();
        });

        HttpResponse<String> response = Patience.assertAnsweredWithin(LOCALLY, () -> ask("GET", "/health/slow"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith("{\"status\":\"UP\",\"name\":\"slow\"");
    }

    @Test
    void requests_that_wait_hold_no_thread_of_the_server() throws Exception {
        health.register("slow", this::waitsForGate, o -> o.probes(Probe.READINESS));
        List<CompletableFuture<HttpResponse<String>>> late = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            late.add(client.sendAsync(request("GET", "/health/ready"), BodyHandlers.ofString()));
        }
        await().atMost(Patience.patiently(LOCALLY)).until(() -> waiting.get() > 0);

        for (int i = 0; i < 3; i++) {
            HttpResponse<String> other = Patience.assertAnsweredWithin(LOCALLY, () -> ask("GET", "/health/orders-db"));
            assertThat(other.statusCode()).isEqualTo(200);
        }
        assertThat(late).noneMatch(CompletableFuture::isDone);

        gate.countDown();
        for (CompletableFuture<HttpResponse<String>> answer : late) {
            assertThat(inTime(answer).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/", "/health/ready", "/health/orders-db"})
    void the_links_of_a_page_work_behind_a_proxy_that_strips_a_prefix(String path) throws Exception {
        URI seen = URI.create("http://proxy/shop" + path);
        Document page = Jsoup.parse(ask("GET", path, "Accept", "text/html").body(), seen.toString());

        List<String> links = page.select("a[href]").eachAttr("abs:href");

        assertThat(links).isNotEmpty();
        for (String link : links) {
            assertThat(link).startsWith("http://proxy/shop/health");
            assertThat(ask("GET", link.substring("http://proxy/shop".length())).statusCode())
                    .as(link)
                    .isEqualTo(200);
        }
    }

    static <T> T inTime(CompletableFuture<T> future) throws Exception {
        return future.get(Patience.patiently(LOCALLY).toSeconds(), TimeUnit.SECONDS);
    }

    CheckResult waitsForGate() throws InterruptedException {
        waiting.incrementAndGet();
        gate.await();
        return CheckResult.up();
    }

    HttpResponse<String> ask(String method, String path, String... headers) throws Exception {
        return client.send(request(method, path, headers), BodyHandlers.ofString());
    }

    HttpRequest request(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Patience.patiently(LOCALLY));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElseThrow();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) Patience.patiently(LOCALLY).toMillis());
        return socket;
    }
}
