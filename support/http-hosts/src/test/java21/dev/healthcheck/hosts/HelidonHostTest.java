package dev.healthcheck.hosts;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HelidonHostTest extends HostContract {
    /** A field, because java.util.logging forgets the level of a logger that nobody holds. */
    private static final Logger LOG = Logger.getLogger("io.helidon");

    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.WARNING);
    }

    @Override
    Host host() {
        return new HelidonHost();
    }

    /** It says that the connection ends, and keeps it until it is idle for five minutes. */
    @Override
    void assertEndsAfterBody(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        assertThat(new String(in.readNBytes(9), US_ASCII)).isEqualTo("{\"status\"");
        socket.setSoTimeout(500);
        assertThatThrownBy(in::readAllBytes).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void HTTP_1_0_is_answered_with_505() throws IOException {
        try (Socket socket = connect()) {
            send(socket, "GET /health HTTP/1.0\r\n\r\n");

            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 505");
        }
    }

    private static final class HelidonHost implements Host {
        private @Nullable WebServer server;

        @Override
        public int start(HealthEndpoint endpoint) {
            server = WebServer.builder()
                    .address(InetAddress.getLoopbackAddress())
                    .port(0)
                    .routing(routing -> health(routing, endpoint))
                    .build()
                    .start();
            return server.port();
        }

        // recipe
        static void health(HttpRules routing, HealthEndpoint endpoint) {
            routing.any("/health", (request, response) -> health(request, response, endpoint));
            routing.any("/health/*", (request, response) -> health(request, response, endpoint));
        }

        private static void health(ServerRequest request, ServerResponse response, HealthEndpoint endpoint) {
            HealthResponse from = endpoint.await(HealthRequest.of(
                    request.prologue().method().text(),
                    "/health",
                    request.path().path().substring("/health".length()),
                    name -> request.headers().first(HeaderNames.create(name)).orElse(null)));
            response.status(from.status());
            from.headers().forEach(response::header);
            response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(from.contentLength()));
            response.send(from.body());
        }
        // end of recipe

        @Override
        public void stop() {
            if (server != null) {
                server.stop();
            }
        }
    }
}
