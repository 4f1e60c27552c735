package dev.healthcheck.restarts;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.servlet.HealthServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;

/**
 * A service that starts within a second, and stops by the lines of the README. Arguments: port, reports, at least, at
 * most, stop timeout.
 */
final class OrdersService {
    static final String ANSWER = "done\n";

    private final HealthCheckRegistry health = HealthCheckRegistry.create();
    private final Server server;
    private final Drain drain;

    private OrdersService(int port, Drain drain) {
        this.server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        this.drain = drain;
    }

    public static void main(String... words) throws Exception {
        var drain = new Drain(
                Integer.parseInt(words[1]),
                Duration.parse(words[2]),
                Duration.parse(words[3]),
                Duration.parse(words[4]));
        var service = new OrdersService(Integer.parseInt(words[0]), drain);
        service.start();
        Runtime.getRuntime().addShutdownHook(new Thread(service::stop, "stop"));
    }

    private void start() throws Exception {
        health.register("orders-db", CheckResult::up);
        var context = new ServletContextHandler();
        context.addServlet(new ServletHolder(HealthServlet.of(health)), "/health/*");
        context.addServlet(new ServletHolder(new Slow()), "/");
        server.setHandler(context);
        server.setStopTimeout(drain.stopTimeout().toMillis());
        server.start();
    }

    private void stop() {
        try {
            health.drain();
            health.awaitDrainSeen(drain.reports(), drain.atLeast(), drain.atMost());
            server.stop();
            health.close();
        } catch (Exception e) {
            throw new IllegalStateException("cannot stop", e);
        }
    }

    /** Needs as many milliseconds as the parameter {@code takes} says. */
    private static final class Slow extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getInputStream().readAllBytes();
            try {
                Thread.sleep(Long.parseLong(request.getParameter("takes")));
            } catch (InterruptedException e) {
                throw new IOException("interrupted by the stop of the server", e);
            }
            response.setContentType("text/plain");
            response.getWriter().print(ANSWER);
        }
    }
}
