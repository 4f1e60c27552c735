package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader of requests is strict, and it does not matter how the bytes arrive. */
class RequestParserTest {
    private static final String HOST = "Host: localhost\r\n";

    @Test
    void it_reads_method_path_and_headers() throws Exception {
        RequestHead head = parsed(String.join(
                "\r\n",
                "GET /health/ready?x=/../&y HTTP/1.1",
                "HOST:localhost:8081",
                "Accept: text/plain \t",
                "accept:\ttext/html;q=0.5",
                "Empty:",
                "",
                ""));

        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.path()).isEqualTo("/health/ready");
        assertThat(head.host()).isEqualTo("localhost:8081");
        assertThat(head.header("ACCEPT")).isEqualTo("text/plain,text/html;q=0.5");
        assertThat(head.header("Empty")).isEmpty();
        assertThat(head.header("Nosuch")).isNull();
        assertThat(head.hasBody()).isFalse();
        assertThat(head.keepsAlive()).isTrue();
    }

    @Test
    void it_does_not_matter_where_the_bytes_are_split() throws Exception {
        String text = "\r\nGET http://localhost/h%c3%a4lth HTTP/1.1\r\n" + HOST + "Accept: */*\r\n\r\nHEAD";
        for (int split = 0; split <= text.length(); split++) {
            RequestParser parser = new RequestParser();
            ByteBuffer second = bytes(text.substring(split));

            RequestHead head = parser.next(bytes(text.substring(0, split)));
            if (head == null) {
                head = parser.next(second);
                assertThat(ISO_8859_1.decode(second).toString()).isEqualTo("HEAD");
            }

            assertThat(head).isNotNull();
            assertThat(head.path()).isEqualTo("/h\u00e4lth");
            assertThat(head.header("Accept")).isEqualTo("*/*");
        }
    }

    @Test
    void one_byte_at_a_time_is_as_good_as_all_at_once() throws Exception {
        RequestParser parser = new RequestParser();
        RequestHead head = null;
        for (char c : "HEAD /readyz HTTP/1.0\r\nAccept: */*\r\n\r\n".toCharArray()) {
            assertThat(head).isNull();
            head = parser.next(bytes(String.valueOf(c)));
        }
        assertThat(head).isNotNull();
        assertThat(head.method()).isEqualTo("HEAD");
    }

    @Test
    void the_rest_is_for_the_next_request() throws Exception {
        RequestParser parser = new RequestParser();
        ByteBuffer both = bytes("GET /a HTTP/1.1\r\n" + HOST + "\r\nGET /b HTTP/1.1\r\n" + HOST + "X: y\r\n\r\n");

        assertThat(parser.next(both)).extracting(RequestHead::path).isEqualTo("/a");
        assertThat(parser.isBetweenRequests()).isTrue();
        RequestHead second = parser.next(both);

        assertThat(second).extracting(RequestHead::path).isEqualTo("/b");
        assertThat(second.header("X")).isEqualTo("y");
        assertThat(both.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, '', true",
        "HTTP/1.1, close, false",
        "HTTP/1.1, 'te , Close', false",
        "HTTP/1.1, keep-alive, true",
        "HTTP/1.0, '', false",
        "HTTP/1.0, 'x,Keep-Alive', true",
        "HTTP/1.0, 'keep-alive, close', false",
        "HTTP/1.1, closed, true",
    })
    void a_connection_stays_open_as_its_version_and_the_client_say(String version, String option, boolean stays)
            throws Exception {
        String line = option.isEmpty() ? "" : "Connection: " + option + "\r\n";

        assertThat(parsed("GET / " + version + "\r\n" + HOST + line + "\r\n").keepsAlive())
                .isEqualTo(stays);
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length: 1, true",
        "Content-Length: 0, false",
        "Content-Length: 000, false",
        "Content-Length: 999999999999999999, true",
        "Transfer-Encoding: Chunked, true",
        "Expect: 100-continue, false"
    })
    void it_knows_whether_a_body_follows(String line, boolean follows) throws Exception {
        assertThat(parsed("POST / HTTP/1.1\r\n" + HOST + line + "\r\n\r\n").hasBody())
                .isEqualTo(follows);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "GET  / HTTP/1.1",
                "GET / HTTP/1.1 ",
                " GET / HTTP/1.1",
                "GET\t/ HTTP/1.1",
                "GET / x HTTP/1.1",
                "G(T / HTTP/1.1",
                "CONNECT / HTTP/1.1",
                "CONNECT localhost:80 HTTP/1.1",
                "/ HTTP/1.1",
                "GET health HTTP/1.1",
                "GET * HTTP/1.1",
                "GET ftp://localhost/ HTTP/1.1",
                "GET http:///health HTTP/1.1",
                "GET http://localhost HTTP/1.1",
                "GET http://elsewhere/ HTTP/1.1",
                "GET http://me@localhost/ HTTP/1.1",
                "GET /#a HTTP/1.1",
                "GET /?a#b HTTP/1.1",
                "GET /\u00e4 HTTP/1.1",
                "GET /\"a\" HTTP/1.1",
                "GET /a\\b HTTP/1.1",
                "GET /a;b HTTP/1.1",
                "GET /a%3bb HTTP/1.1",
                "GET //health HTTP/1.1",
                "GET /health// HTTP/1.1",
                "GET /./health HTTP/1.1",
                "GET /a/../health HTTP/1.1",
                "GET /health/.. HTTP/1.1",
                "GET /a/%2e%2E/health HTTP/1.1",
                "GET /a%2fb HTTP/1.1",
                "GET /a%5Cb HTTP/1.1",
                "GET /a%00 HTTP/1.1",
                "GET /a%0d%0ab HTTP/1.1",
                "GET /a%7f HTTP/1.1",
                "GET /a%c2%85 HTTP/1.1",
                "GET /a%25b HTTP/1.1",
                "GET /a% HTTP/1.1",
                "GET /a%4 HTTP/1.1",
                "GET /a%4g HTTP/1.1",
                "GET /a%+1 HTTP/1.1",
                "GET /a%c0%ae HTTP/1.1",
                "GET /a%e4 HTTP/1.1",
                "GET / HTTP/1.1\r",
                "GET / HTTP/1.11",
                "GET / http/1.1",
                "GET / HTTP/1",
                "GET / HTTP/one",
                "\u0016\u0003\u0001",
                "GET / HTTP/1.1\n",
                "\nGET / HTTP/1.1"
            })
    void it_refuses_a_first_line_that_is_malformed_or_ambiguous(String line) {
        assertRefused(400, line + "\r\n" + HOST + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host: a\r\nHost: a",
                "Host:",
                "Host: a b",
                "Host: a,b",
                "Host: a:0",
                "Host: a:99999",
                "Host: a:x",
                "Host: a:",
                "Host: [::1",
                "Host: a/b",
                "Host: me@a",
                "Host: a\r\nX",
                "Host: a\r\n: x",
                "Host: a\r\nUpgrade: h2c",
                "Host: a\r\nExpect: more",
                "Host: a\r\nX : y",
                "Host: a\r\nX: y\r\n z",
                "Host: a\r\n\tz",
                "Host: a\r\nX: y\nZ: z",
                "Host: a\r\nX: y\rZ: z",
                "Host: a\r\nX: \u0000",
                "Host: a\r\nX: \u007f",
                "Host: a\r\nX\u00e4: y",
                "Host: a\r\n\"X\": y",
                "Host: a\r\nContent-Length: -1",
                "Host: a\r\nContent-Length: +1",
                "Host: a\r\nContent-Length: 1 1",
                "Host: a\r\nContent-Length: 1, 1",
                "Host: a\r\nContent-Length: 0x1",
                "Host: a\r\nContent-Length:",
                "Host: a\r\nContent-Length: 1\r\nContent-Length: 1",
                "Host: a\r\nContent-Length: 1\r\nContent-Length: 2",
                "Host: a\r\nContent-Length: 1111111111111111111",
                "Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
                "Host: a\r\nTransfer-Encoding: identity",
                "Host: a\r\nTransfer-Encoding: gzip, chunked",
                "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Host: a\r\nTransfer-Encoding: \u000bchunked",
                "Host: a\r\nTransfer-Encoding: \u00a0chunked"
            })
    void it_refuses_headers_that_are_malformed_or_ambiguous(String lines) {
        assertRefused(400, "GET / HTTP/1.1\r\n" + (lines.isEmpty() ? "" : lines + "\r\n") + "\r\n");
    }

    @Test
    void http_1_0_needs_no_host_and_has_no_transfer_encoding() throws Exception {
        assertThat(parsed("GET / HTTP/1.0\r\n\r\n").host()).isEmpty();
        assertRefused(400, "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertRefused(400, "GET http://localhost/ HTTP/1.0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/3.0"})
    void it_refuses_other_versions_as_such(String version) {
        assertRefused(505, "PRI / " + version + "\r\n");
    }

    @Test
    void it_takes_8192_bytes_and_no_more() throws Exception {
        String start = "GET / HTTP/1.1\r\n" + HOST + "X: ";
        String most = "y".repeat(RequestParser.LIMIT - start.length() - "\r\n\r\n".length());

        assertThat(parsed(start + most + "\r\n\r\n").header("X")).isEqualTo(most);
        assertRefused(431, start + most + "y\r\n\r\n");
        assertRefused(431, "GET /" + "y".repeat(1_000_000));
        assertRefused(431, "\r\n".repeat(5_000));
    }

    @Test
    void the_server_itself_is_a_target_of_options() throws Exception {
        assertThat(parsed("OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n").path()).isEqualTo("*");
    }

    private static RequestHead parsed(String text) throws RefusedRequest {
        RequestHead head = new RequestParser().next(bytes(text));
        assertThat(head).as(text).isNotNull();
        return head;
    }

    private static void assertRefused(int status, String text) {
        assertThatThrownBy(() -> new RequestParser().next(bytes(text)))
                .as(text)
                .isInstanceOfSatisfying(
                        RefusedRequest.class,
                        refused -> assertThat(refused.response().status()).isEqualTo(status));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }
}
