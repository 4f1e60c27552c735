package dev.healthcheck.examples.quickstart;

import static java.net.http.HttpResponse.BodyHandlers.discarding;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The meters of requests, over a socket. */
class MetersTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Meters meters = new Meters();
    private final Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

    /** Answers with the status that is the last part of the path, and throws at {@code throw}. */
    private static final class Statuses extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            String path = request.getRequestURI();
            String last = path.substring(path.lastIndexOf('/') + 1);
            if (last.equals("throw")) {
                throw new IllegalStateException("as asked");
            }
            response.setStatus(Integer.parseInt(last));
        }
    }

    @BeforeEach
    void start() throws Exception {
        var context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new Statuses()), "/orders/*");
        context.addServlet(new ServletHolder(new Statuses()), "/");
        context.insertHandler(meters.requests());
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        meters.close();
    }

    @Test
    void requests_are_counted_by_method_route_and_status() throws Exception {
        send("GET", "/orders/7/200");
        send("GET", "/orders/8/200");
        send("POST", "/orders/9/404");
        send("GET", "/503");

        assertThat(series(4))
                .containsExactlyInAnyOrder(
                        "GET /orders/* 200 SUCCESS 2", "POST /orders/* 404 CLIENT_ERROR 1", "GET / 503 SERVER_ERROR 1");
    }

    @Test
    void an_exception_is_an_error_of_the_server() throws Exception {
        send("GET", "/orders/throw");

        assertThat(series(1)).containsExactly("GET /orders/* 500 SERVER_ERROR 1");
    }

    @Test
    void paths_and_methods_that_a_client_invents_make_no_series() throws Exception {
        for (int i = 0; i < 200; i++) {
            send("M" + i, "/orders/" + UUID.randomUUID() + "/404");
            send("GET", "/" + UUID.randomUUID() + "/404");
        }

        assertThat(series(400))
                .containsExactlyInAnyOrder("UNKNOWN /orders/* 404 CLIENT_ERROR 200", "GET / 404 CLIENT_ERROR 200");
    }

    /** Returns the timers, once they have counted all requests: a request is counted after its answer. */
    private Set<String> series(int requests) {
        await().until(() -> timers().mapToLong(Timer::count).sum() == requests);
        return timers().map(MetersTest::inWords).collect(toSet());
    }

    private Stream<Timer> timers() {
        return meters.registry().find("http.server.requests").timers().stream();
    }

    private static String inWords(Timer timer) {
        var labels = Stream.of("method", "uri", "status", "outcome").map(timer.getId()::getTag);
        return String.join(" ", labels.toList()) + " " + timer.count();
    }

    private void send(String method, String path) throws Exception {
        var request = HttpRequest.newBuilder(server.getURI().resolve(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        client.send(request, discarding());
    }
}
