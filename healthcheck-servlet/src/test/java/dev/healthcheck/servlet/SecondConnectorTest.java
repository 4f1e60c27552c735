package dev.healthcheck.servlet;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Patience;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The recipe in docs/hosts.md: a port with threads of its own answers while the application has none left. */
class SecondConnectorTest {
    private static final int THREADS = 8;

    private final HttpClient client = HttpClient.newHttpClient();
    private final HealthCheckRegistry registry = Patience.builder().build();
    private final HealthServlet health = HealthServlet.of(registry);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger blocked = new AtomicInteger();

    @BeforeEach
    void register() {
        // takes a while, so that the answer needs a thread twice
        registry.register(
                "slow",
                () -> {
                    gate.await(50, TimeUnit.MILLISECONDS);
                    return CheckResult.up();
                },
                o -> o.cacheFor(Duration.ZERO));
    }

    @AfterEach
    void close() {
        gate.countDown();
        registry.close();
    }

    @Test
    void tomcat_gives_each_connector_its_own_threads() throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(TomcatContainer.baseDir().getAbsolutePath());
        Connector main = connector(THREADS);
        Connector probes = connector(2);
        tomcat.setConnector(main);
        tomcat.getService().addConnector(probes);
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "blocks", blocks()).addMapping("/blocks");
        var wrapper = Tomcat.addServlet(context, "health", health);
        wrapper.setAsyncSupported(true);
        wrapper.addMapping("/health/*");
        tomcat.start();
        try {
            assertProbesAreAnswered(main.getLocalPort(), probes.getLocalPort(), THREADS);
        } finally {
            gate.countDown();
            tomcat.stop();
            tomcat.destroy();
        }
    }

    @Test
    void jetty_has_a_second_server_beside_the_first() throws Exception {
        Server main = new Server(new QueuedThreadPool(THREADS, THREADS));
        ServerConnector port = connector(main);
        main.setHandler(context(Map.of("/blocks", blocks(), "/health/*", health)));
        Server probes = new Server(new QueuedThreadPool(4, 4));
        ServerConnector probesPort = connector(probes);
        probes.setHandler(context(Map.of("/health/*", health)));
        main.start();
        probes.start();
        try {
            assertProbesAreAnswered(
                    port.getLocalPort(), probesPort.getLocalPort(), THREADS - 3); // Jetty keeps two or three for itself
        } finally {
            gate.countDown();
            main.stop();
            probes.stop();
        }
    }

    private void assertProbesAreAnswered(int main, int probes, int threads) throws Exception {
        for (int i = 0; i < 2 * THREADS; i++) {
            var unused = client.sendAsync(request(main, "/blocks", ofSeconds(30)), BodyHandlers.discarding());
        }
        await().until(() -> blocked.get() >= threads);

        await().until(() -> isSilent(main));
        for (int i = 0; i < 10; i++) {
            HttpResponse<String> response =
                    get(probes, ofSeconds(30)); // if it waited for the others, it would never answer
            assertThat(response.statusCode()).isEqualTo(200);
        }
        assertThat(blocked.get()).isLessThan(2 * THREADS);
    }

    private boolean isSilent(int port) throws Exception {
        try {
            get(port, ofMillis(500));
            return false;
        } catch (HttpTimeoutException e) {
            return true;
        }
    }

    private HttpServlet blocks() {
        return new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                blocked.incrementAndGet();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }

    private HttpResponse<String> get(int port, Duration limit) throws Exception {
        return client.send(request(port, "/health/ready", limit), BodyHandlers.ofString());
    }

    private static HttpRequest request(int port, String path, Duration limit) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(limit)
                .build();
    }

    private static Connector connector(int threads) {
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxThreads", String.valueOf(threads));
        return connector;
    }

    private static ServerConnector connector(Server server) {
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        return connector;
    }

    private static ServletContextHandler context(Map<String, HttpServlet> servlets) {
        ServletContextHandler context = new ServletContextHandler();
        servlets.forEach((path, servlet) -> {
            ServletHolder holder = new ServletHolder(servlet);
            holder.setAsyncSupported(true);
            context.addServlet(holder, path);
        });
        return context;
    }
}
