package dev.healthcheck.soak;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.servlet.HealthServlet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.ServerConnector;

/** The servlet in a server of its own, and somebody who asks it. */
final class Server {
    private static final List<String> PATHS = List.of("live", "ready", "startup", "", "check-1", "no-such-check");

    private final org.eclipse.jetty.server.Server server = new org.eclipse.jetty.server.Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final HttpClient client = HttpClient.newHttpClient();

    Server(HealthCheckRegistry health) throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(HealthServlet.of(health)), "/health/*");
        server.setHandler(context);
        server.start();
    }

    /** Asks for each path; returns how many there are. */
    int ask() throws IOException, InterruptedException {
        for (String path : PATHS) {
            URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/health/" + path);
            int status = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray())
                    .statusCode();
            if (status != 200 && status != 503 && status != 404) {
                throw new AssertionError(uri + " answers " + status);
            }
        }
        return PATHS.size();
    }

    void stop() throws Exception {
        server.stop();
    }
}
