package dev.healthcheck.hosts;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.PathHandler;
import io.undertow.util.HttpString;
import io.undertow.util.SameThreadExecutor;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

class UndertowHostTest extends HostContract {
    @Override
    Host host() {
        return new UndertowHost();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as the other recipes
    private static final class UndertowHost implements Host {
        private @Nullable Undertow server;

        @Override
        public int start(HealthEndpoint endpoint) {
            PathHandler paths = Handlers.path();
            // recipe
            paths.addPrefixPath("/health", exchange -> health(exchange, endpoint));
            // end of recipe
            server = Undertow.builder()
                    .setIoThreads(1)
                    .setWorkerThreads(1)
                    .addHttpListener(0, "127.0.0.1")
                    .setHandler(paths)
                    .build();
            server.start();
            return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        }

        // recipe
        void health(HttpServerExchange exchange, HealthEndpoint endpoint) {
            HealthRequest request = HealthRequest.of(
                    exchange.getRequestMethod().toString(),
                    exchange.getResolvedPath(),
                    exchange.getRelativePath(),
                    exchange.getRequestHeaders()::getFirst);
            exchange.dispatch(SameThreadExecutor.INSTANCE, () -> endpoint.answer(request)
                    .thenAcceptAsync(from -> send(exchange, from), exchange.getIoThread()));
        }

        private static void send(HttpServerExchange exchange, HealthResponse from) {
            exchange.setStatusCode(from.status());
            from.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
            exchange.setResponseContentLength(from.contentLength());
            exchange.getResponseSender().send(ByteBuffer.wrap(from.body()));
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
