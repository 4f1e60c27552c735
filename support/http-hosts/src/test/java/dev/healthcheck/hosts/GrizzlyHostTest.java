package dev.healthcheck.hosts;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;

/** A server without a recipe: this adapter was written by the documents alone. */
class GrizzlyHostTest extends HostContract {
    @Override
    Host host() {
        return new GrizzlyHost();
    }

    private static final class GrizzlyHost implements Host {
        private final HttpServer server = new HttpServer();

        @Override
        public int start(HealthEndpoint endpoint) throws IOException {
            NetworkListener port = new NetworkListener("probes", "127.0.0.1", 0);
            server.addListener(port);
            server.getServerConfiguration().addHttpHandler(new GrizzlyHealthHandler(endpoint), "/health");
            server.start();
            return port.getPort();
        }

        @Override
        public void stop() {
            server.shutdownNow();
        }
    }
}

@SuppressWarnings("FutureReturnValueIgnored") // as the recipes
final class GrizzlyHealthHandler extends HttpHandler {
    private final HealthEndpoint endpoint;

    GrizzlyHealthHandler(HealthEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void service(Request request, Response response) throws CharConversionException {
        String path = request.getDecodedRequestURI(); // empty for /health itself
        String below = path.isEmpty() ? "" : path.substring("/health".length());
        Executor threads = request.getContext().getConnection().getTransport().getWorkerThreadPool();
        response.suspend();
        endpoint.answer(HealthRequest.of(request.getMethod().getMethodString(), "/health", below, request::getHeader))
                .thenAcceptAsync(from -> send(response, from), threads);
    }

    private static void send(Response response, HealthResponse from) {
        response.setStatus(from.status());
        from.headers().forEach(response::setHeader);
        response.setContentLength(from.contentLength());
        try {
            response.getOutputStream().write(from.body());
        } catch (IOException e) { // the client has gone
        } finally {
            response.resume();
        }
    }
}
