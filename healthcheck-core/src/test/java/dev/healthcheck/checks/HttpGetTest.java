package dev.healthcheck.checks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.testkit.Ports;
import dev.healthcheck.testkit.RawServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpGetTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void a_real_server_is_asked_for_the_page_and_its_query() throws Exception {
        BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Host"));
            byte[] body = "fine".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            String authority = "localhost:" + server.getAddress().getPort();

            CheckResult result = get("http://" + authority + "/health/ready?of=ä%20b");

            assertThat(result).hasToString("UP");
            assertThat(result.details())
                    .containsOnlyKeys("status", "address")
                    .containsEntry("status", 200)
                    .containsEntry("address", "127.0.0.1:" + server.getAddress().getPort());
            assertThat(requests).containsExactly("GET /health/ready?of=%C3%A4%20b " + authority);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_request_is_complete_and_asks_for_no_further_use_of_the_connection() throws Exception {
        BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        try (RawServer server = new RawServer(socket -> {
            requests.add(RawServer.readHead(socket));
            RawServer.write(socket, "HTTP/1.1 204 \r\n\r\n");
        })) {
            assertThat(get("http://127.0.0.1:" + server.port())).hasToString("UP");

            assertThat(requests)
                    .containsExactly("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                            + "\r\nUser-Agent: healthcheck\r\nAccept: */*\r\nConnection: close\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"200, UP", "299, UP", "302, DOWN", "404, DOWN", "500, DOWN", "503, DOWN"})
    void if_not_said_any_success_is_expected(int status, String expected) throws Exception {
        try (RawServer server = new RawServer(RawServer.answering("HTTP/1.1 " + status + " Whatever\r\n\r\n"))) {
            CheckResult result = get("http://127.0.0.1:" + server.port() + "/");

            assertThat(result.status()).hasToString(expected);
            assertThat(result.reason()).isEqualTo(expected.equals("UP") ? null : "unexpected-status");
            assertThat(result.message()).isEqualTo(expected.equals("UP") ? null : "status " + status);
            assertThat(result.details()).containsEntry("status", status);
        }
    }

    @Test
    void a_status_that_is_expected_is_up_and_others_are_not_and_a_redirect_is_not_followed() throws Exception {
        try (RawServer server =
                new RawServer(RawServer.answering("HTTP/1.0 301 Moved\r\nLocation: http://127.0.0.1:1/\r\n\r\n"))) {
            assertThat(get("http://127.0.0.1:" + server.port(), 401, 301)).hasToString("UP");
            assertThat(get("http://127.0.0.1:" + server.port(), 200)).hasToString("DOWN (unexpected-status)");
        }
    }

    /** Usual for services of Compose. */
    @Test
    void a_host_with_an_underscore_is_asked() throws Exception {
        BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        try (RawServer server = new RawServer(socket -> {
            requests.add(RawServer.readHead(socket));
            RawServer.write(socket, "HTTP/1.1 200 OK\r\n\r\n");
        })) {
            String authority = "my_shop:" + server.port();
            Resolver resolver = name -> InetAddress.getAllByName(name.equals("my_shop") ? "127.0.0.1" : name);
            HealthCheck check = NetworkChecks.http(URI.create("http://" + authority + "/"), resolver);

            assertThat(check.check(Deadline.after(LONG))).hasToString("UP");
            assertThat(requests.remove()).contains("\r\nHost: " + authority + "\r\n");
        }
    }

    @Test
    void what_a_server_says_before_its_answer_is_passed_over() throws Exception {
        String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
        try (RawServer server = new RawServer(RawServer.answering(hints + hints + "HTTP/1.1 503\r\n\r\n"))) {
            assertThat(get("http://127.0.0.1:" + server.port()).details()).containsEntry("status", 503);
        }
    }

    /** A line that is read in parts of 8 kB would look empty here. */
    @Test
    void long_headers_before_the_answer_are_passed_over_too() throws Exception {
        String hints = "HTTP/1.1 103 Early Hints\r\nLink: " + "x".repeat(8192 - "Link: ".length()) + "\r\n\r\n";
        try (RawServer server = new RawServer(RawServer.answering(hints + "HTTP/1.1 200 OK\r\n\r\n"))) {
            assertThat(get("http://127.0.0.1:" + server.port())).hasToString("UP");
        }
    }

    @Test
    void a_change_of_protocol_that_nobody_has_asked_for_is_no_success() throws Exception {
        try (RawServer server = new RawServer(RawServer.answering("HTTP/1.1 101 Switching Protocols\r\n\r\n"))) {
            CheckResult result = get("http://127.0.0.1:" + server.port());

            assertThat(result).hasToString("DOWN (unexpected-status)");
            assertThat(result.details()).containsEntry("status", 101);
        }
    }

    @ParameterizedTest
    @MethodSource("reasonPhrases")
    void the_words_after_a_status_may_be_anything(String words) throws Exception {
        String bytes = new String(words.getBytes(UTF_8), ISO_8859_1);
        try (RawServer server = new RawServer(RawServer.answering("HTTP/1.1 200" + bytes + "\r\n\r\n"))) {
            assertThat(get("http://127.0.0.1:" + server.port())).hasToString("UP");
        }
    }

    static Stream<String> reasonPhrases() {
        return Stream.of(
                "",
                " ",
                " \u0412\u0441\u0435 \u0445\u043e\u0440\u043e\u0448\u043e",
                " \u0085",
                " a\rb",
                " " + "x".repeat(1_000_000));
    }

    @Test
    void a_server_that_says_nothing_is_a_timeout_within_the_time_of_the_run() throws Exception {
        try (RawServer server = new RawServer(RawServer::listen)) {
            assertThat(getInShort(server)).hasToString("DOWN (timeout)");
            assertThat(server.ends.poll(10, SECONDS)).isEqualTo("complete");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 103 Wait\r\nHint: 1\r\n\r\n", "HTTP/1.1 103 Wait", "x"})
    void a_server_that_drips_is_a_timeout_within_the_time_of_the_run(String bytes) throws Exception {
        try (RawServer server = new RawServer(socket -> RawServer.drip(socket, bytes))) {
            assertThat(getInShort(server)).hasToString("DOWN (timeout)");
            assertThat(server.ends.poll(10, SECONDS)).as("it is hung up on").contains("SocketException");
        }
    }

    @Test
    void a_body_without_end_is_not_read() throws Exception {
        try (RawServer server = new RawServer(socket -> {
            RawServer.readHead(socket);
            RawServer.write(socket, "HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                RawServer.write(socket, "more ".repeat(1000));
            }
        })) {
            assertThat(get("http://127.0.0.1:" + server.port())).hasToString("UP");
            assertThat(server.ends.poll(10, SECONDS)).as("it is hung up on").contains("SocketException");
        }
    }

    @Test
    void a_server_that_hangs_up_is_disconnected() throws Exception {
        try (RawServer server = new RawServer(RawServer.answering(""))) {
            assertThat(get("http://127.0.0.1:" + server.port())).hasToString("DOWN (disconnected)");
        }
    }

    @Test
    void a_server_that_resets_the_connection_is_disconnected() throws Exception {
        try (RawServer server = new RawServer(socket -> {
            RawServer.readHead(socket);
            socket.setSoLinger(true, 0);
        })) {
            assertThat(get("http://127.0.0.1:" + server.port())).hasToString("DOWN (disconnected)");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "\r\n",
                "HTTP/1.1 700 What\r\n",
                "HTTP/1.1 2000 OK\r\n",
                "HTTP/1.1 2ab OK\r\n",
                "HTTP/1.1 2-- OK\r\n",
                "HTTP/1.1 20 OK\r\n",
                "HTTP/1.1 099 OK\r\n",
                "HTTP/1.1 103 Early\r\n\r\n220 mail.example\r\n"
            })
    void what_is_not_http_is_invalid(String answer) throws Exception {
        try (RawServer server = new RawServer(RawServer.answering(answer))) {
            assertThat(get("http://127.0.0.1:" + server.port())).hasToString("DOWN (invalid)");
        }
    }

    @Test
    void a_line_without_end_is_invalid() throws Exception {
        try (RawServer server = new RawServer(socket -> {
            while (true) {
                RawServer.write(socket, "x".repeat(1000));
            }
        })) {
            assertThat(get("http://127.0.0.1:" + server.port())).hasToString("DOWN (invalid)");
        }
    }

    @Test
    void what_the_uri_holds_is_not_shown() throws Exception {
        ServerSocket listener = new ServerSocket(Ports.free(), 50, InetAddress.getLoopbackAddress());
        RawServer server = new RawServer(listener, RawServer.answering("HTTP/1.1 403 Forbidden\r\n\r\n"));
        String uri = "http://127.0.0.1:" + server.port() + "/secret?secret=secret";
        CheckResult answered;
        try (server) {
            answered = get(uri);
        }
        CheckResult refused = get(uri);

        assertThat(answered).hasToString("DOWN (unexpected-status)");
        assertThat(answered.message() + answered.details()).doesNotContain("secret");
        assertThat(refused).hasToString("DOWN (refused)");
        assertThat(refused.cause()).hasMessageNotContaining("secret");
    }

    @Test
    void nothing_is_left_behind_however_it_ends() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        try (RawServer silent = new RawServer(socket -> {
                    begun.incrementAndGet();
                    RawServer.listen(socket);
                });
                RawServer fine = new RawServer(RawServer.answering("HTTP/1.1 200 OK\r\n\r\n"))) {
            for (int i = 0; i < 20; i++) {
                get("http://127.0.0.1:" + fine.port());
                http("http://127.0.0.1:" + silent.port()).check(Deadline.after(Duration.ofMillis(20)));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(fine.ends.poll(10, SECONDS)).isEqualTo("complete");
            }
            await().until(() ->
                    silent.ends.size() == begun.get()); // all were hung up on; a busy machine connects to few
            assertThat(silent.ends).containsOnly("complete");
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.contains("Keep-Alive") || name.startsWith("HttpClient"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://host/, uri: ftp (expected: http or https)",
        "/path, uri: null (expected: http or https)",
        "http:///path, uri: no host (expected: a host)",
        "http://:8080/path, uri: no host (expected: a host)",
        "http:path, uri: no host (expected: a host)",
        "http://my_shop:80:80/, uri: no host (expected: a host)",
        "http://me:pass@my_shop/, 'uri: a user (expected: no user: it would not be sent)'",
        "https://my_shop/, 'uri: an underscore in the host (expected: none with https: the JDK verifies no such name)'",
        "http://host:0/, port: 0 (expected: 1 to 65535)",
        "http://host:65536/, port: 65536 (expected: 1 to 65535)",
        "http://me:pass@host/, 'uri: a user (expected: no user: it would not be sent)'"
    })
    void a_uri_that_cannot_be_asked_is_refused(URI uri, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkChecks.http(uri))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 199, 600})
    void a_status_that_cannot_be_the_last_word_is_refused(int status) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkChecks.http(URI.create("http://host"), 200, status))
                .withMessage("expectedStatus: " + status + " (expected: 200 to 599)");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 599})
    void a_status_at_either_end_of_what_may_be_expected_is_taken(int status) throws Exception {
        try (RawServer server = new RawServer(RawServer.answering("HTTP/1.1 " + status + " Whatever\r\n\r\n"))) {
            assertThat(get("http://127.0.0.1:" + server.port(), status)).hasToString("UP");
        }
    }

    private static CheckResult get(String uri, int... expected) throws Exception {
        return http(uri, expected).check(Deadline.after(LONG));
    }

    /** Asks again if a busy machine has left no time for the connection. */
    private static CheckResult getInShort(RawServer server) throws Exception {
        HealthCheck check = http("http://127.0.0.1:" + server.port());
        return await().until(
                        () -> check.check(Deadline.after(SHORT)), result -> !"unreachable".equals(result.reason()));
    }

    private static HealthCheck http(String uri, int... expected) throws IOException {
        return NetworkChecks.http(URI.create(uri), expected);
    }
}
