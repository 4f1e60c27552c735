package dev.healthcheck.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/** A short look at a contender, so that its tests notice when it does not do what is measured. */
public final class Smoke {
    private Smoke() {}

    /**
     * The answers of a contender.
     *
     * @param http over HTTP
     * @param json without a server
     */
    public record Answers(HttpResponse<String> http, String json) {}

    /**
     * Starts it with ten healthy checks and asks it both ways.
     *
     * @param contender its name
     * @return the answers
     * @throws Exception if that fails
     */
    public static Answers of(String contender) throws Exception {
        Contender started = Contenders.named(contender);
        started.start(Workload.HEALTHY.checks());
        int port = started.serve(Map.of());
        HttpResponse<String> http = get(URI.create("http://127.0.0.1:" + port + started.path()));
        return new Answers(http, new String(started.json(), UTF_8));
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
