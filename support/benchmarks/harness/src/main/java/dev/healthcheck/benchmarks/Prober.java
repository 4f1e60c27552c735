package dev.healthcheck.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks as an orchestrator does, which gives up after a second. */
final class Prober {
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Prober() {}

    /**
     * An answer.
     *
     * @param status zero if none came in time
     */
    record Answer(int status, double millis) {}

    /** Waits for the answer as long as it takes. */
    static Answer ask(URI uri) {
        long begun = System.nanoTime();
        try {
            int status = CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
            return new Answer(status, millisSince(begun));
        } catch (IOException e) {
            return new Answer(0, millisSince(begun));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Does not wait, and gives up in time. */
    static CompletableFuture<Answer> probe(URI uri) {
        long begun = System.nanoTime();
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
        return CLIENT.sendAsync(request, BodyHandlers.discarding())
                .handle((response, failure) ->
                        new Answer(failure == null ? response.statusCode() : 0, millisSince(begun)));
    }

    private static double millisSince(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }
}
