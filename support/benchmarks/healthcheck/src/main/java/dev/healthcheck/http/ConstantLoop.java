package dev.healthcheck.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The loop of a {@link HealthServer} with one answer to all requests. In the loop's package, as it is package-private. */
public final class ConstantLoop {
    private ConstantLoop() {}

    /**
     * Starts a loop that ends with the process.
     *
     * @param response the answer
     * @return the port, on loopback
     * @throws IOException if there is none
     */
    public static int start(HealthResponse response) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread thread = new Thread(new HttpLoop(listener, new Constant(response)), "constant");
        thread.setDaemon(true);
        thread.start();
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    private record Constant(HealthResponse response) implements RequestHandler {
        @Override
        public CompletableFuture<HealthResponse> answer(RequestHead request, InetAddress client) {
            return CompletableFuture.completedFuture(response);
        }

        @Override
        public HealthResponse lastResort(RequestHead request) {
            return response;
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(1);
        }
    }
}
