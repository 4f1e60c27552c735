package dev.healthcheck.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A registry, a container for its servlet, and clients. */
abstract class HttpContract {
    static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    static final String NOW = "2026-01-01T10:00:00.123Z";
    /** The most seconds that a test waits for what takes milliseconds, so that a busy machine fails no test. */
    static final int PATIENCE = 30;

    static final String VARY = "Accept, Sec-Fetch-Mode, Upgrade-Insecure-Requests";
    static final String SECRET = "jdbc:postgresql://admin:hunter2@db-17/orders";

    private final Supplier<Container> containers;
    final HttpClient client = HttpClient.newHttpClient();
    final CountDownLatch gate = new CountDownLatch(1);
    final AtomicInteger atGate = new AtomicInteger();
    HealthCheckRegistry registry;
    Container container;
    int port;

    static {
        Awaitility.setDefaultTimeout(ofSeconds(PATIENCE));
    }

    HttpContract(Supplier<Container> containers) {
        this.containers = containers;
    }

    @BeforeEach
    void open() {
        container = containers.get();
        registry = HealthCheckRegistry.builder()
                .answerWithin(ofSeconds(60))
                .defaults(o -> o.timeout(ofSeconds(50)).cacheFor(ofMinutes(10)))
                .clock(() -> Instant.parse("2026-01-01T10:00:00.123999Z"))
                .build();
    }

    @AfterEach
    void close() throws Exception {
        gate.countDown();
        container.stop();
        registry.close();
    }

    HealthCheck waitsForGate() {
        return () -> {
            atGate.incrementAndGet();
            gate.await();
            return CheckResult.up();
        };
    }

    /** Returns a check that waits for the gate and ignores interrupts. */
    HealthCheck hangs() {
        return () -> {
            atGate.incrementAndGet();
            while (true) {
                try {
                    gate.await();
                    return CheckResult.up();
                } catch (InterruptedException e) {
                    // keeps hanging
                }
            }
        };
    }

    /** Registers a check that hangs, and waits until it is reported as stuck. */
    void registerStuck(String name) {
        registry.register(name, hangs(), o -> o.timeout(ofMillis(50)).cacheFor(Duration.ZERO));
        await().until(() -> "stuck".equals(registry.check(name).orElseThrow().reason()) && atGate.get() > 0);
    }

    static HttpServlet hello() {
        return new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                response.getWriter().print("hello");
            }
        };
    }

    static HttpServlet forwardingTo(String path) {
        return new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                request.getRequestDispatcher(path).forward(request, response);
            }
        };
    }

    /** Counts requests that have returned from the servlet, answered or suspended. */
    AtomicInteger countArrivals() {
        AtomicInteger arrived = new AtomicInteger();
        container.filter(
                (request, response, chain) -> {
                    chain.doFilter(request, response);
                    arrived.incrementAndGet();
                },
                DispatcherType.REQUEST);
        return arrived;
    }

    void startUsual() throws Exception {
        start(HealthServlet.of(registry));
    }

    void start(HealthServlet servlet) throws Exception {
        container.mount(servlet, true, "/health/*", "/livez", "/readyz", "/startupz", "/healthz");
        port = container.start();
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request("GET", path);
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> send(String method, String path) {
        return client.sendAsync(request(method, path).build(), BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(ofSeconds(PATIENCE))
                .method(method, BodyPublishers.noBody());
    }

    /** Opens the gate once the check of a request waits there. Returns the answer. */
    <T> HttpResponse<T> letThrough(CompletableFuture<HttpResponse<T>> waiting) throws Exception {
        await().until(() -> atGate.get() == 1);
        gate.countDown();
        return waiting.get(PATIENCE, TimeUnit.SECONDS);
    }

    /** Sends a request as it is and returns the whole response. */
    String raw(String method, String path) throws IOException {
        try (Socket socket = connect(method, path);
                InputStream in = socket.getInputStream()) {
            socket.setSoTimeout(PATIENCE * 1000);
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    Socket connect(String method, String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return socket;
    }

    /** Returns the bytes of a request, as the next two methods do. Each header ends in a line break. */
    static String aGet(String target, String... headers) {
        return aRequest("GET", target, String.join("", headers), "");
    }

    static String aHead(String target) {
        return aRequest("HEAD", target, "", "");
    }

    static String aRequest(String method, String target, String headers, String body) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body;
    }

    static void assertUsualHeaders(HttpResponse<String> response) {
        assertUsualHeadersButLength(response);
        assertThat(response.headers().allValues("Content-Length"))
                .containsExactly(String.valueOf(response.body().getBytes(UTF_8).length));
    }

    static void assertUsualHeadersButLength(HttpResponse<String> response) {
        assertThat(response.headers().allValues("Content-Type")).containsExactly("application/json");
        assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(response.headers().allValues("Cross-Origin-Resource-Policy")).containsExactly("same-origin");
        assertThat(response.headers().allValues("Vary")).containsExactly(VARY);
        assertThat(response.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(response.headers().map()).doesNotContainKeys("Transfer-Encoding", "Set-Cookie");
    }

    /** Replaces what differs from run to run. */
    static String steady(String body) {
        return body.replaceAll("\"durationMs\":\\d+\\.\\d(?=[,}])", "\"durationMs\":0.0")
                .replaceAll("\"ref\":\"[0-9a-z]{6}\"", "\"ref\":\"REF\"");
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return json(response.body());
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> all = object.fieldNames(); all.hasNext(); ) {
            names.add(Objects.requireNonNull(all.next()));
        }
        return names;
    }
}
