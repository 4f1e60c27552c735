package dev.healthcheck.servlet;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Probe;
import dev.healthcheck.servlet.Wire.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of attackers and broken clients. The container may refuse them. They harm neither this connection nor the next. */
abstract class OddRequestsContract extends HttpContract {
    /** Sent as a body. An answer to it would mean that the container took the body for a request. */
    private static final String NO_REQUEST = aGet("/health/nosuch");

    OddRequestsContract(Supplier<Container> containers) {
        super(containers);
    }

    @BeforeEach
    void startWarm() throws Exception {
        registry.register("orders-db", () -> CheckResult.degraded(SECRET), o -> o.cacheFor(ofMinutes(10)));
        registry.register("alive", CheckResult::up, o -> o.probes(Probe.LIVENESS));
        startUsual();
        get("/health");
    }

    @AfterEach
    void the_next_connection_is_served() throws Exception {
        try (Wire wire = Wire.to(port)) {
            assertIsLive(wire.send(aGet("/health/live")).response("GET"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Content-Length: 0\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"})
    void who_asks_whether_to_go_on_gets_the_answer_without_a_body(String length) throws Exception {
        for (String method : List.of("GET", "POST")) {
            try (Wire wire = Wire.to(port)) {
                wire.send(aRequest(method, "/health/ready", "Expect: 100-continue\r\n" + length, ""));
                Response first = response(wire, method);
                boolean goOn = first.status() == 100;
                Response last = goOn ? response(wire, method) : first;

                assertThat(last.status()).isEqualTo(method.equals("GET") ? 200 : 405);
                if (!last.closes()) {
                    String body = length.contains("5") ? "hello" : length.contains("chunked") ? "0\r\n\r\n" : "";
                    wire.send((goOn ? body : "") + aGet("/health/live"));
                    assertIsLive(wire.response("GET"));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Expect: 100-continue\r\n"})
    void a_body_is_passed_over(String expect) throws Exception {
        String chunk = Integer.toHexString(NO_REQUEST.length()) + "\r\n" + NO_REQUEST + "\r\n0\r\n\r\n";
        for (String method : List.of("GET", "POST")) {
            for (String request : List.of(
                    aRequest(method, "/health/ready", expect + length(NO_REQUEST), NO_REQUEST),
                    aRequest(method, "/health/ready", expect + "Transfer-Encoding: chunked\r\n", chunk),
                    aRequest(method, "/health/ready", expect + length("x".repeat(100_000)), "x".repeat(100_000)))) {
                List<Response> responses = answers(request + aGet("/health/live"), method, "GET");

                assertThat(responses.get(0).status()).isEqualTo(method.equals("GET") ? 200 : 405);
                if (responses.size() > 1) {
                    assertIsLive(responses.get(1));
                } else {
                    assertThat(responses.get(0).closes()).isTrue();
                }
            }
        }
    }

    @Test
    void an_expectation_that_nobody_knows_is_refused_or_passed_over() throws Exception {
        assertThat(answers(aGet("/health/ready", "Expect: the-unexpected\r\n"), "GET")
                        .get(0)
                        .status())
                .isIn(200, 417);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                "Content-Length: 5\r\nContent-Length: 6\r\n",
                "Content-Length: -1\r\n",
                "Content-Length: 99999999999999999999\r\n",
                "Content-Length: 0x5\r\n",
                "Transfer-Encoding : chunked\r\n"
            })
    void a_body_of_no_certain_length_is_no_second_request(String lengths) throws Exception {
        List<Response> responses = answers(aRequest("GET", "/health/ready", lengths, "0\r\n\r\n" + NO_REQUEST), "GET");

        assertThat(responses.get(0).status()).isIn(200, 400, 413, 501);
        assertThat(responses).extracting(Response::body).noneMatch(body -> body.contains("no such check"));
    }

    static Stream<String> tooMuch() {
        return Stream.of(
                aGet("/health/ready", "X-Y: " + "x".repeat(65_536) + "\r\n"),
                aGet("/health/ready", ("X-Y: " + "x".repeat(1000) + "\r\n").repeat(64)),
                aGet("/health/ready", "Accept: " + "text/html;q=0.1,".repeat(4096) + "\r\n"),
                aGet("/health/ready", "Accept: text/plain\r\n".repeat(3000)),
                aGet("/health/ready?" + "x".repeat(65_536)),
                aGet("/health/" + "x/".repeat(32_768)),
                aRequest("G".repeat(65_536), "/health/ready", "", ""));
    }

    @ParameterizedTest
    @MethodSource("tooMuch")
    void too_much_of_anything_is_refused_or_answered(String request) throws Exception {
        try (Wire wire = Wire.to(port)) {
            Response response = response(wire.send(request), "GET");

            assertThat(response.status()).isIn(200, 400, 404, 405, 414, 431);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health/ready%0d%0aX-Injected:%20y%0d%0a%0d%0abody",
                "/health/ready?%0d%0aX-Injected:y",
                "/health/ready;%0d%0aX-Injected:y",
                "/health/%0aX-Injected:y",
                "/health/ready HTTP/1.1\r\nX-Y: a\rX-Injected: y",
                "/health/ready HTTP/1.1\r\nX-Y: a\nX-Injected: y",
                "/health/ready HTTP/1.1\r\nAccept: text/plain\r\n X-Injected: y",
                "/health/ready HTTP/1.1\r\nAccept: text/html\0X-Injected: y",
                "/health/ready HTTP/1.1\r\nAccept: text/html%0d%0aX-Injected: y"
            })
    void nothing_of_a_request_is_a_header_of_its_answer(String line) throws Exception {
        List<Response> responses = answers(aGet(line), "GET");

        assertThat(responses).hasSize(1);
        assertThat(responses.get(0).status()).isIn(200, 400, 404);
        assertThat(responses.get(0).head()).doesNotContainIgnoringCase("X-Injected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\n",
                "GET http://evil.example/health HTTP/1.1\r\nHost: evil.example\r\n",
                "GET /health HTTP/1.1\r\nHost: evil.example\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: evil.example\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nForwarded: host=evil.example\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Prefix: /evil.example\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Original-URL: /evil.example\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nReferer: http://evil.example/\r\n"
            })
    void whom_a_request_is_meant_for_is_of_no_matter(String request) throws Exception {
        Response response =
                answers(request + "Accept: text/html\r\n\r\n", "GET").get(0);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.head() + response.body()).contains("orders-db").doesNotContain("evil");
    }

    @Test
    void an_address_at_odds_with_the_host_is_answered_alike_or_refused() throws Exception {
        for (String origin : List.of("http://evil.example", "https://localhost", "http://a:b@localhost", "ftp://x")) {
            Response response = answers(aGet(origin + "/health/ready"), "GET").get(0);

            assertThat(response.status()).isIn(200, 400, 421);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Range: bytes=0-1\r\n",
                "If-None-Match: *\r\n",
                "If-Match: \"x\"\r\n",
                "If-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT\r\n",
                "If-Unmodified-Since: Thu, 01 Jan 1998 00:00:00 GMT\r\n",
                "TE: trailers\r\nAccept-Encoding: gzip, br\r\nAccept-Charset: utf-16\r\nAccept-Language: tlh\r\n",
                "Connection: Upgrade\r\nUpgrade: websocket\r\n",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
                "X-HTTP-Method-Override: DELETE\r\nAuthorization: Basic !!!\r\nCookie: \"=;=\r\n"
            })
    void no_header_makes_less_of_an_answer(String header) throws Exception {
        List<Response> responses = answers(aGet("/health/ready", header) + aGet("/health/live"), "GET", "GET");

        assertThat(responses.get(0).status()).isEqualTo(200);
        assertThat(json(responses.get(0).body()).get("probe").textValue()).isEqualTo("ready");
        assertIsLive(responses.get(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /health/ready HTTP/1.0\r\n\r\n",
                "GET /health/ready HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close, keep-alive, close\r\n\r\n"
            })
    void an_old_client_is_answered(String request) throws Exception {
        Response response = answers(request, "GET").get(0);

        assertThat(response.status()).isEqualTo(200);
        assertThat(json(response.body()).get("probe").textValue()).isEqualTo("ready");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /health/ready\r\n\r\n",
                "GET /health/ready HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "GET /health/ready HTTP/1.1\r\n\r\n",
                "GET /health/ready HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /health/ready HTTP/1.1\r\nHost: \"><script>\r\n\r\n",
                "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
                "GET /health/ready HTTP/1.1\r\nHost: localhost",
                "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "<script> /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\0\0\0\0\0\0\0\0\0\0",
                "\r\n\r\n\r\n",
                "\0\0\0\0"
            })
    void what_is_hardly_a_request_learns_nothing(String bytes) throws Exception {
        try (Wire wire = Wire.to(port)) {
            assertThat(wire.send(bytes).end().rest()).doesNotContain("hunter2");
        }
    }

    /** Returns the responses on one connection until the server closes it, without interim ones. */
    private List<Response> answers(String requests, String... methods) throws IOException {
        List<Response> responses = new ArrayList<>();
        try (Wire wire = Wire.to(port)) {
            wire.send(requests).end();
            for (String method : methods) {
                Response response = wire.response(method);
                while (response != null && response.status() == 100) {
                    response = wire.response(method);
                }
                if (response == null) {
                    return responses;
                }
                responses.add(response);
            }
            assertThat(wire.rest()).isEmpty();
        }
        return responses;
    }

    private static Response response(Wire wire, String method) throws IOException {
        return Objects.requireNonNull(wire.response(method));
    }

    private static String length(String body) {
        return "Content-Length: " + body.length() + "\r\n";
    }

    private static void assertIsLive(Response response) throws IOException {
        assertThat(response).isNotNull();
        assertThat(response.status()).isEqualTo(200);
        assertThat(json(response.body()).get("probe").textValue()).isEqualTo("live");
    }
}
