package dev.healthcheck.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the loop does with handlers that fail, with too many connections, and with slow clients. */
class HttpLoopTest {
    private static final int MOST = 512;
    /** By then the newcomer is answered, and the close is there to be read, however busy the machine is. */
    private static final Duration BEFORE_IT_IS_TOO_SLOW = Duration.ofSeconds(1);

    private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void whatever_a_handler_throws_ends_its_connection_and_not_the_loop() throws Exception {
        try (CapturedLog log = new CapturedLog();
                LoopServer server = new LoopServer(HttpLoopTest::answered)) {
            for (String path : List.of("/error", "/memory", "/null", "/error")) {
                RawClient broken = client(server);
                assertThatThrownBy(() -> broken.get(path)).isInstanceOf(IOException.class);
                assertThat(client(server).get("/").body()).isEqualTo("fine");
            }
            assertThat(log.lines(Level.WARN)).hasSize(1);
        }
    }

    @Test
    void an_answer_that_fails_or_does_not_come_is_replaced() throws Exception {
        try (LoopServer server = new LoopServer(HttpLoopTest::answered)) {
            RawClient client = client(server);

            assertThat(client.get("/fails").body()).isEqualTo("last resort");
            assertThat(client.get("/never").body()).isEqualTo("last resort");
            assertThat(client.get("/").body()).isEqualTo("fine");
        }
    }

    @Test
    void when_it_is_full_a_connection_that_never_asked_makes_room() throws Exception {
        try (LoopServer server = new LoopServer(HttpLoopTest::answered)) {
            RawClient useful = client(server);
            useful.get("/");
            RawClient silent = new RawClient(server.port(), BEFORE_IT_IS_TOO_SLOW);
            clients.add(silent);
            for (int i = clients.size(); i < MOST; i++) {
                client(server);
            }
            RawClient newcomer = client(server);

            assertThat(newcomer.get("/").body()).isEqualTo("fine");
            assertThat(silent.isEnded()).isTrue();
            assertThat(useful.get("/").body()).isEqualTo("fine");
        }
    }

    @Test
    void when_it_is_full_of_useful_connections_the_least_recently_useful_one_makes_room() throws Exception {
        try (LoopServer server = new LoopServer(HttpLoopTest::answered)) {
            for (int i = 0; i < MOST; i++) {
                client(server).get("/");
            }
            clients.get(0).get("/");
            RawClient newcomer = client(server);

            assertThat(newcomer.get("/").body()).isEqualTo("fine");
            assertThat(clients.get(1).isEnded()).isTrue();
            for (int i : List.of(0, 2, MOST - 1)) {
                assertThat(clients.get(i).get("/").body()).isEqualTo("fine");
            }
        }
    }

    @Test
    @Tag("slow")
    void a_client_that_is_too_slow_is_given_up() throws Exception {
        try (LoopServer server = LoopServer.constant(5_000_000)) {
            RawClient silent = client(server);
            RawClient half = client(server).send("GET / HTTP/1.1\r\n");
            RawClient deaf = client(server).send(GET);
            RawClient further = client(server);
            further.get("/");
            further.send("GET");
            RawClient last = client(server);

            Patience.assertAnsweredWithin(Duration.ofSeconds(6), () -> {
                for (RawClient client : List.of(silent, half, further, last)) {
                    assertThat(client.isEnded()).isTrue();
                }
                return "";
            });
            // what the system has buffered is there to be read, and no more
            assertThatThrownBy(deaf::answer).isInstanceOf(IOException.class);
        }
    }

    private RawClient client(LoopServer server) throws IOException {
        RawClient client = new RawClient(server.port());
        clients.add(client);
        return client;
    }

    @SuppressWarnings("NullAway") // a handler that breaks its contract
    private static CompletableFuture<HealthResponse> answered(RequestHead request) {
        return switch (request.path()) {
            case "/error" -> throw new AssertionError("for the test");
            case "/memory" -> throw new OutOfMemoryError("for the test");
            case "/null" -> null;
            case "/fails" -> CompletableFuture.failedFuture(new OutOfMemoryError("for the test"));
            case "/never" -> new CompletableFuture<>();
            default -> CompletableFuture.completedFuture(LoopServer.response("fine"));
        };
    }
}
