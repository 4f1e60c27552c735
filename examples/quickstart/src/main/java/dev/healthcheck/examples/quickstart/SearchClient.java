package dev.healthcheck.examples.quickstart;

import com.sun.net.httpserver.HttpServer;
import dev.healthcheck.CheckResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The client of a search engine that speaks HTTP, with something behind it that answers. */
final class SearchClient implements AutoCloseable {
    private final HttpServer engine;
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpRequest ping;

    SearchClient() throws IOException {
        engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        engine.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        engine.start();
        var address = engine.getAddress();
        ping = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + "/ping"))
                .timeout(Duration.ofMillis(600)) // bounds itself, because a cancelled stage does not stop the request
                .build();
    }

    CompletionStage<CheckResult> pingAsync() {
        return client.sendAsync(ping, HttpResponse.BodyHandlers.discarding()).thenApply(SearchClient::judge);
    }

    private static CheckResult judge(HttpResponse<Void> response) {
        int code = response.statusCode();
        return code == 204
                ? CheckResult.up()
                : CheckResult.down("answered " + code).withReason("wrong-answer");
    }

    @Override
    public void close() {
        engine.stop(0);
    }
}
