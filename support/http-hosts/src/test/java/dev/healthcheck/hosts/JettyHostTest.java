package dev.healthcheck.hosts;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

class JettyHostTest extends HostContract {
    @Override
    Host host() {
        return new JettyHost();
    }

    private static final class JettyHost implements Host {
        private final Server server = new Server(new QueuedThreadPool(4, 4));

        @Override
        public int start(HealthEndpoint endpoint) throws Exception {
            ServerConnector port = new ServerConnector(server, 1, 1);
            port.setHost("127.0.0.1");
            server.addConnector(port);
            // recipe
            server.setHandler(new JettyHealthHandler(endpoint));
            // end of recipe
            server.start();
            return port.getLocalPort();
        }

        @Override
        public void stop() throws Exception {
            server.stop();
        }
    }
}

@SuppressWarnings("FutureReturnValueIgnored") // as the other recipes
// recipe
final class JettyHealthHandler extends Handler.Abstract.NonBlocking {
    private final HealthEndpoint endpoint;

    JettyHealthHandler(HealthEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = request.getHttpURI().getDecodedPath();
        if (path == null || !path.matches("/health(/.*)?")) {
            return false;
        }
        String below = path.substring("/health".length());
        endpoint.answer(HealthRequest.of(request.getMethod(), "/health", below, request.getHeaders()::get))
                .thenAcceptAsync(
                        from -> send(response, from, callback),
                        request.getComponents().getExecutor());
        return true;
    }

    private static void send(Response response, HealthResponse from, Callback callback) {
        response.setStatus(from.status());
        from.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, from.contentLength());
        response.write(true, ByteBuffer.wrap(from.body()), callback);
    }
}
// end of recipe
