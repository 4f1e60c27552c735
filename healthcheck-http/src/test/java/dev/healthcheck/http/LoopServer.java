package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The loop of a {@link HealthServer} with other answers. */
final class LoopServer implements AutoCloseable {
    private static final HealthResponse LAST_RESORT = response("last resort");

    private final HttpLoop loop;
    private final Thread thread;
    private final int port;

    /** Starts a loop that answers what {@code answers} says, for which it waits 100 ms. */
    LoopServer(Function<RequestHead, CompletableFuture<HealthResponse>> answers) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(0), 512);
        port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        loop = new HttpLoop(listener, new Answers(answers));
        thread = new Thread(loop, "loop");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts a loop with an answer that costs nothing: what is lost here is lost to the machine. */
    static LoopServer constant(int length) throws IOException {
        CompletableFuture<HealthResponse> answer = CompletableFuture.completedFuture(response("x".repeat(length)));
        return new LoopServer(request -> answer);
    }

    static HealthResponse response(String body) {
        return HealthResponse.of(200, Map.of("Content-Type", "text/plain"), body.getBytes(UTF_8));
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        loop.stop();
        await().until(() -> !thread.isAlive());
    }

    private record Answers(Function<RequestHead, CompletableFuture<HealthResponse>> answers) implements RequestHandler {
        @Override
        public CompletableFuture<HealthResponse> answer(RequestHead request, InetAddress client) {
            return answers.apply(request);
        }

        @Override
        public HealthResponse lastResort(RequestHead request) {
            return LAST_RESORT;
        }

        @Override
        public Duration patience() {
            return Duration.ofMillis(100);
        }
    }
}
