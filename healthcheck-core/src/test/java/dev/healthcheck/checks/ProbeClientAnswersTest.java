package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.testkit.Identity;
import dev.healthcheck.testkit.RawServer;
import dev.healthcheck.testkit.RawServer.Conversation;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an answer ends, whatever the connection does then. */
class ProbeClientAnswersTest {
    private static final String UP = "{\"status\":\"UP\"}";
    private static final List<String> SCHEMES = List.of("http", "https");

    private static final SSLContext ORIGINAL = originalContext();
    private static SSLContext context = ORIGINAL;

    @BeforeAll
    static void trust(@TempDir Path directory) throws Exception {
        context = Identity.create(directory, "localhost").context();
        SSLContext.setDefault(context);
    }

    @AfterAll
    static void trustAsBefore() {
        SSLContext.setDefault(ORIGINAL);
    }

    @ParameterizedTest
    @MethodSource("completeAnswers")
    void an_answer_is_judged_at_its_end_though_the_connection_stays_open(String scheme, String answer, String line)
            throws Exception {
        assertThat(ask(scheme, socket -> {
                    RawServer.readHead(socket);
                    RawServer.write(socket, answer);
                    RawServer.listen(socket);
                }))
                .isEqualTo(line);
    }

    @ParameterizedTest
    @MethodSource("completeAnswers")
    void an_answer_in_pieces_of_one_byte_is_the_same(String scheme, String answer, String line) throws Exception {
        assertThat(ask(scheme, socket -> {
                    RawServer.readHead(socket);
                    socket.setTcpNoDelay(true);
                    for (int i = 0; i < answer.length(); i++) {
                        RawServer.write(socket, answer.substring(i, i + 1));
                    }
                    RawServer.listen(socket);
                }))
                .isEqualTo(line);
    }

    static Stream<Arguments> completeAnswers() {
        List<Arguments> answers = new ArrayList<>();
        for (String scheme : SCHEMES) {
            String ok = "HTTP/1.1 200 OK\r\n";
            String up = "healthy: 200 UP";
            answers.add(Arguments.of(scheme, ok + "Content-Length: 15\r\n\r\n" + UP, up));
            answers.add(Arguments.of(scheme, ok + "content-LENGTH:15\r\n\r\n" + UP, up));
            answers.add(Arguments.of(scheme, ok + "Content-Length:\r\n\t15\r\nX: y\r\n\r\n" + UP, up));
            answers.add(Arguments.of(scheme, ok + "Content-Length: 15, 15\r\nContent-Length: 15\r\n\r\n" + UP, up));
            answers.add(Arguments.of(scheme, "HTTP/1.1 200 OK\nContent-Length: 15\n\n" + UP, up));
            answers.add(Arguments.of(scheme, ok + "Content-Length: 0\r\n\r\n", "healthy: 200"));
            String chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
            answers.add(Arguments.of(scheme, chunked + "F;a=b\r\n" + UP + "\r\n0\r\n\r\n", up));
            answers.add(Arguments.of(scheme, chunked + "5\r\n{\"sta\r\n0a\r\ntus\":\"UP\"}\r\n0\r\n", up));
            answers.add(Arguments.of(
                    scheme,
                    ok + "Content-Length: 99\r\ntransfer-encoding: gzip, Chunked\r\n\r\n0\r\nX: y\r\n\r\n",
                    "healthy: 200"));
            answers.add(Arguments.of(scheme, "HTTP/1.1 204 No Content\r\n\r\n", "healthy: 204"));
            answers.add(Arguments.of(scheme, "HTTP/1.1 204\r\nContent-Length: 7\r\n\r\n", "healthy: 204"));
            answers.add(
                    Arguments.of(scheme, "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "unhealthy: 304"));
            answers.add(Arguments.of(
                    scheme,
                    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 37\r\n\r\n"
                            + "{\"status\":\"DOWN\",\"reason\":\"draining\"}",
                    "unhealthy: 503 DOWN draining"));
            String hints = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nContent-Length: 7\r\n\r\n";
            answers.add(Arguments.of(scheme, hints + ok + "Content-Length: 15\r\n\r\n" + UP, up));
            answers.add(
                    Arguments.of(scheme, hints + "HTTP/1.1 101 Switching Protocols\r\n\r\n" + UP, "unhealthy: 101"));
        }
        return answers.stream();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void a_body_of_a_gigabyte_is_judged_at_ten_kilobytes(String scheme) throws Exception {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n";
        assertThat(ask(scheme, socket -> {
                    RawServer.readHead(socket);
                    RawServer.write(socket, head + UP + " ".repeat(10 * 1024 - head.length() - UP.length()));
                    RawServer.listen(socket);
                }))
                .isEqualTo("healthy: 200 UP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 15\r\n", "Content-Length: 99\r\n", "", "Transfer-Encoding: chunked\r\n"})
    void what_was_read_counts_when_the_connection_is_reset(String header) throws Exception {
        String body = header.startsWith("Transfer") ? "1F\r\n" + UP : UP;
        for (String scheme : SCHEMES) {
            assertThat(ask(scheme, socket -> {
                        RawServer.readHead(socket);
                        socket.setTcpNoDelay(true); // a reset drops what is still to be sent
                        RawServer.write(socket, "HTTP/1.1 200 OK\r\n" + header + "\r\n" + body);
                        socket.setSoLinger(true, 0);
                    }))
                    .as(scheme)
                    .isEqualTo("healthy: 200 UP");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_was_read_counts_when_tls_ends_without_a_word(boolean reset) throws Exception {
        try (RawServer server = new RawServer(socket -> {
            SSLSocket secure = secured(socket);
            RawServer.readHead(secure);
            RawServer.write(secure, "HTTP/1.1 503 No\r\nContent-Length: 99\r\n\r\n{\"status\":\"DOWN\",");
            socket.setSoLinger(reset, 0);
        })) {
            assertThat(probe("https", server)).isEqualTo("unhealthy: 503 DOWN");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"})
    void half_a_head_is_no_answer(String half) throws Exception {
        try (RawServer server = new RawServer(socket -> {
            SSLSocket secure = secured(socket);
            RawServer.readHead(secure);
            RawServer.write(secure, half);
            socket.setSoLinger(true, 0);
        })) {
            assertThat(probe("https", server)).isEqualTo("unhealthy: disconnected");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2ab", "2--", "20", "2000", "2", "99", "099", "600", "999", "+20", "-200", "20 ", " 200", ""})
    void a_status_that_is_not_three_digits_is_no_status(String status) throws Exception {
        String line = ask("http", RawServer.answering("HTTP/1.1 " + status + " OK\r\nContent-Length: 0\r\n\r\n"));

        assertThat(line).isEqualTo("unhealthy: invalid");
        assertThat(ProbeClient.exitCode(line)).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "+15", "0x0F", "1 5", "15;", "15,", "15, 16", "9999999999999999", "\u00b2"})
    void a_length_that_is_no_length_is_invalid(String length) throws Exception {
        assertThat(ask("http", RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + UP)))
                .isEqualTo("unhealthy: invalid");
    }

    @Test
    void two_lengths_are_invalid() throws Exception {
        String lengths = "Content-Length: 15\r\nContent-Length: 16\r\n";

        assertThat(ask("http", RawServer.answering("HTTP/1.1 200 OK\r\n" + lengths + "\r\n" + UP)))
                .isEqualTo("unhealthy: invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\n", "-1\r\n", "\r\n", "1\r\nabc\r\n"})
    void chunks_that_are_no_chunks_are_invalid(String chunks) throws Exception {
        assertThat(ask("http", RawServer.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)))
                .isEqualTo("unhealthy: invalid");
    }

    @Test
    void a_head_without_end_is_invalid() throws Exception {
        assertThat(ask("http", socket -> {
                    RawServer.readHead(socket);
                    RawServer.write(socket, "HTTP/1.1 200 OK\r\n");
                    while (true) {
                        RawServer.write(socket, "X: y\r\n".repeat(100));
                    }
                }))
                .isEqualTo("unhealthy: invalid");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void interim_answers_without_end_are_a_timeout(boolean slow) throws Exception {
        String hint = "HTTP/1.1 103 Early Hints\r\n\r\n";
        ProbeClientFaultsTest.assertTimeout(socket -> {
            while (!slow) {
                RawServer.write(socket, hint.repeat(100));
            }
            RawServer.drip(socket, hint);
        });
    }

    private static String ask(String scheme, Conversation conversation) throws Exception {
        try (RawServer server = scheme.equals("https")
                ? new RawServer(context.getServerSocketFactory(), conversation)
                : new RawServer(conversation)) {
            return probe(scheme, server);
        }
    }

    private static String probe(String scheme, RawServer server) throws Exception {
        return ProbeClient.probe("--timeout", "20s", scheme + "://localhost:" + server.port() + "/health/ready");
    }

    /** TLS on a connection that can be closed below it. */
    private static SSLSocket secured(Socket connection) throws IOException {
        connection.setTcpNoDelay(true); // a reset drops what is still to be sent
        SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(connection, "localhost", connection.getPort(), false);
        socket.setUseClientMode(false);
        return socket;
    }

    private static SSLContext originalContext() {
        try {
            return SSLContext.getDefault();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
