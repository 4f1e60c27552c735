package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever the reader of requests accepts, Jetty accepts, too, and understands it in the same way. The reader may refuse
 * more: a proxy in front then cannot be of another opinion.
 */
@Timeout(1200) // seconds: many requests, perhaps on a busy machine
class JettyComparisonTest {
    private static final List<String> METHODS = List.of("GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "M-SEARCH");
    private static final List<String> BAD_METHODS = List.of("get", "G\"T", "", "TRACE", "CONNECT", "PRI");
    private static final List<String> STARTS =
            List.of("/health", "/health/", "/health/ready", "/", "http://localhost/", "HTTP://LocalHost/health");
    private static final List<String> BAD_STARTS = List.of(
            "http://other/",
            "https://localhost/",
            "http://localhost",
            "http://me@localhost/",
            "http:///",
            "*",
            "//",
            "health",
            "localhost:80",
            "");
    private static final List<String> PARTS = List.of(
            "/a",
            "a",
            "orders-db",
            ".",
            "%20",
            "%41",
            "%c3%a4",
            "%3A",
            "?",
            "?x=%zz",
            "?a[]=b",
            "~",
            "!",
            "$",
            "&",
            "'",
            "(",
            ")",
            "*",
            "+",
            ",",
            "=",
            ":",
            "@",
            "_");
    private static final List<String> BAD_PARTS = List.of(
            "/", "/.", "/..", "/../", "%2e", "/%2E%2e", "%2f", "%5c", "%00", "%0a", "%25", "%3b", "%3f", "%23", "%e4",
            "%c0%ae", "%u0041", "%zz", "%", ";", ";a=b", "#", "\\", "\u00e4", "|", "\"", "<", "{", "[", "^", "`", " ",
            "\t");
    private static final List<String> VERSIONS = List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0");
    private static final List<String> BAD_VERSIONS =
            List.of("HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "http/1.1", "HTTP/1.1 ", "HTTP/11", "");
    private static final List<String> HOSTS =
            List.of("Host: localhost", "HOST:localhost", "host: \tlocalhost ", "Host: LOCALHOST");
    private static final List<String> BAD_HOSTS = List.of(
            "Host: localhost:8081",
            "Host: [::1]",
            "Host: [::1]:80",
            "Host: [zz]",
            "Host: [:",
            "Host: other",
            "Host:",
            "Host: a b",
            "Host: a,b",
            "Host: a:b",
            "Host: a:",
            "Host: a:0",
            "Host: a:99999",
            "Host: a_b",
            "Host: a..b",
            "Host: -a",
            "Host: me@a",
            "Host : a",
            "X: no host");
    private static final List<String> HEADERS = List.of(
            "Accept: text/plain",
            "accept: */*",
            "Accept:",
            "ACCEPT:\ttext/html;q=0.5 \t",
            "Accept: a\u00e4",
            "Accept: text/html, , */*",
            "Accept: \"",
            "Connection: close",
            "Connection: keep-alive, x",
            "Connection: ,",
            "Content-Length: 0",
            "Content-Length: 3",
            "Content-Length: 03",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: Chunked",
            "Expect: 100-continue",
            "Upgrade: h2c\r\nConnection: Upgrade",
            "X: \u0080",
            "User-Agent: kube-probe/1.29",
            "X:",
            "X!#$%&'*+-.^_`|~: y",
            "X: a\tb",
            "X: : :");
    private static final List<String> BAD_HEADERS = List.of(
            "Host: localhost",
            "Host: other",
            "Accept : x",
            "Content-Length: -1",
            "Content-Length: +1",
            "Content-Length: 3, 3",
            "Content-Length: 3",
            "Content-Length: 99999999999999999999",
            "Content-Length:",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding:",
            "Transfer-Encoding: chunked",
            "Expect: x",
            "X",
            ": x",
            " folded",
            "\tfolded",
            "X\u00e4: y",
            "X(: y",
            "X: \u0001",
            "X: \u007f",
            "X: " + "y".repeat(9_000));
    private static final List<String> ODD = List.of(
            "\u0000", "\n", "\r", "\r\n", " ", "\t", ":", ";", "/", "%", "\u007f", "\u0085", "\u00a0", "\u00ff",
            "\u000b", "\"", ",", "x");

    private final Server server = new Server();
    private final LocalConnector jetty = new LocalConnector(server);

    /** What Jetty has understood. */
    private @Nullable String understood;

    @BeforeEach
    void start() throws Exception {
        server.addConnector(jetty);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                understood = text(
                        request.getMethod(),
                        request.getHttpURI().getDecodedPath(),
                        request.getHeaders().stream()
                                .filter(field -> field.getHeader() == HttpHeader.ACCEPT)
                                .map(HttpField::getValue)
                                .map(value -> value == null ? "" : value)
                                .collect(Collectors.joining(",")));
                callback.succeeded();
                return true;
            }
        });
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void what_is_accepted_is_accepted_and_understood_by_jetty() {
        compare(5_000);
    }

    @Test
    @Tag("nightly")
    void what_is_accepted_of_a_hundred_thousand_requests_is_understood_by_jetty() {
        compare(100_000);
    }

    private void compare(int cases) {
        int[] accepted = {0};
        Randoms.forAll(cases, JettyComparisonTest::request, text -> {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
            RequestHead head = accepted(bytes);
            if (head != null) {
                accepted[0]++;
                assertThat(byJetty(text.substring(0, bytes.position())))
                        .isEqualTo(text(
                                head.method(),
                                head.path(),
                                head.header("Accept") == null ? "" : head.header("Accept")));
            }
        });
        assertThat(accepted[0]).as("requests that were compared").isGreaterThan(cases / 5);
    }

    private static @Nullable RequestHead accepted(ByteBuffer bytes) {
        try {
            return new RequestParser().next(bytes);
        } catch (RefusedRequest e) {
            return null;
        }
    }

    private String byJetty(String text) throws Exception {
        understood = null;
        ByteBuffer response =
                jetty.getResponse(ByteBuffer.wrap(text.getBytes(ISO_8859_1)), false, 10, TimeUnit.SECONDS);
        return understood == null
                ? "refused: " + (response == null ? "no answer" : ISO_8859_1.decode(response))
                : understood;
    }

    private static String text(String method, String path, String accept) {
        return method + " " + path + " " + accept;
    }

    private static String request(Randoms randoms) {
        StringBuilder text = new StringBuilder(randoms.below(20) == 0 ? "\r\n" : "");
        text.append(mostly(METHODS, BAD_METHODS, randoms)).append(randoms.below(60) == 0 ? "  " : " ");
        text.append(mostly(STARTS, BAD_STARTS, randoms));
        for (int left = randoms.below(4); left > 0; left--) {
            text.append(mostly(PARTS, BAD_PARTS, randoms));
        }
        text.append(' ').append(mostly(VERSIONS, BAD_VERSIONS, randoms)).append(lineBreak(randoms));
        text.append(mostly(HOSTS, BAD_HOSTS, randoms)).append(lineBreak(randoms));
        for (int left = randoms.below(4); left > 0; left--) {
            text.append(mostly(HEADERS, BAD_HEADERS, randoms)).append(lineBreak(randoms));
        }
        for (int left = randoms.below(4) == 0 ? 2 : 0; left > 0; left--) {
            text.insert(randoms.below(text.length()), randoms.oneOf(ODD));
        }
        return text.append("\r\n\r\n").toString();
    }

    private static String mostly(List<String> usual, List<String> others, Randoms randoms) {
        return randoms.oneOf(randoms.below(12) == 0 ? others : usual);
    }

    private static String lineBreak(Randoms randoms) {
        return switch (randoms.below(100)) {
            case 0 -> "\n";
            case 1 -> "\r";
            case 2 -> "\r\r\n";
            default -> "\r\n";
        };
    }
}
