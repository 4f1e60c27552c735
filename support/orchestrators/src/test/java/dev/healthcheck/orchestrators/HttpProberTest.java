package dev.healthcheck.orchestrators;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.testkit.RawServer;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The emulated prober does what the source of the kubelet says. */
class HttpProberTest {
    /** The tests that do not wait for its end have time. */
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void the_request_is_that_of_a_kubelet() throws Exception {
        var head = new CompletableFuture<String>();
        try (var server = new RawServer(socket -> {
            head.complete(RawServer.readHead(socket));
            RawServer.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            assertThat(ask(server, LONG).success()).isTrue();
            assertThat(head.join())
                    .isEqualTo("GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                            + "\r\nUser-Agent: kube-probe/1.30\r\nAccept: */*\r\nConnection: close\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"200", "204", "399"})
    void from_200_to_399_is_a_success(String status) throws Exception {
        assertThat(answerTo("HTTP/1.1 " + status + " ?\r\nContent-Length: 0\r\n\r\n")
                        .success())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"199", "400", "503"})
    void all_else_is_a_failure(String status) throws Exception {
        assertThat(answerTo("HTTP/1.1 " + status + " ?\r\nContent-Length: 0\r\n\r\n")
                        .success())
                .isFalse();
    }

    @Test
    void the_body_is_cut_at_10_KB() throws Exception {
        Prober.Answer answer = answerTo("HTTP/1.1 200 OK\r\nContent-Length: 27000\r\n\r\n" + "x".repeat(27_000));

        assertThat(answer.success()).isTrue();
        assertThat(answer.output()).hasSize("200 ".length() + 10_240);
    }

    @Test
    void a_body_that_does_not_arrive_is_a_timeout() throws Exception {
        try (var server = new RawServer(socket -> {
            RawServer.readHead(socket);
            RawServer.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
            RawServer.drip(socket, "x");
        })) {
            assertThat(ask(server, Duration.ofMillis(200)).isTimeout()).isTrue();
        }
    }

    @Test
    void a_redirect_to_the_same_host_is_followed() throws Exception {
        try (var down = new RawServer(
                RawServer.answering("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\ndown"))) {
            Prober.Answer answer = answerTo("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + down.port()
                    + "/elsewhere\r\nContent-Length: 0\r\n\r\n");

            assertThat(answer.success()).isFalse();
            assertThat(answer.output()).isEqualTo("503 down");
        }
    }

    @Test
    void a_redirect_to_another_host_is_a_success() throws Exception {
        Prober.Answer answer =
                answerTo("HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n\r\n");

        assertThat(answer.success()).isTrue();
        assertThat(answer.output()).startsWith("302");
    }

    @Test
    void redirects_without_end_are_a_failure() throws Exception {
        Prober.Answer answer = answerTo("HTTP/1.1 302 Found\r\nLocation: /health/ready\r\nContent-Length: 0\r\n\r\n");

        assertThat(answer.success()).isFalse();
        assertThat(answer.output()).contains("10 redirects");
    }

    private static Prober.Answer answerTo(String response) throws Exception {
        try (var server = new RawServer(RawServer.answering(response))) {
            return ask(server, LONG);
        }
    }

    private static Prober.Answer ask(RawServer server, Duration timeout) {
        return new HttpProber(URI.create("http://127.0.0.1:" + server.port() + "/health/ready")).ask(timeout);
    }
}
