package dev.healthcheck.hosts;

import static dev.healthcheck.testkit.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Patience;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a recipe does, too, if its server tells it that a client has hung up. */
abstract class HangUpContract extends HostContract {
    @Test
    void nothing_is_encoded_for_a_client_that_has_hung_up() throws Exception {
        health.register("slow", this::waitsForGate);
        try (Socket socket = connect()) {
            send(socket, "GET /health/slow HTTP/1.1\r\nHost: a\r\n\r\n");
            await().atMost(Patience.patiently(LOCALLY)).until(() -> waiting.get() > 0);
        }
        // the server's one thread sees the end of the first connection before the requests of the next ones
        ask("GET", "/health/orders-db");
        ask("GET", "/health/orders-db");
        CompletableFuture<HttpResponse<String>> other =
                client.sendAsync(request("GET", "/health/slow"), BodyHandlers.ofString());
        ask("GET", "/health/orders-db");

        gate.countDown();

        assertThat(inTime(other).statusCode()).isEqualTo(200);
        assertThat(answers).hasSize(4);
    }
}
