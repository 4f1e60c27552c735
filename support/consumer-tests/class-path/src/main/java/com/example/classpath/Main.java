package com.example.classpath;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.jdbc.JdbcHealthCheck;
import dev.healthcheck.servlet.HealthServlet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.h2.jdbcx.JdbcDataSource;

/** A database that answers is 200; a required check that is DOWN is 503. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:orders");
        AtomicBoolean paperJam = new AtomicBoolean();
        try (HealthCheckRegistry health = patient()) {
            health.register("orders-db", JdbcHealthCheck.of(database));
            health.register(
                    "printer",
                    () -> paperJam.get() ? CheckResult.down("paper jam").withReason("jammed") : CheckResult.up(),
                    o -> o.cacheFor(Duration.ZERO));
            Server server = serve(health);
            try {
                expect(server, 200, "\"orders-db\":{\"status\":\"UP\"");
                paperJam.set(true);
                expect(server, 503, "\"reason\":\"jammed\"");
            } finally {
                server.stop();
            }
        }
    }

    /** A busy machine is no reason to fail. */
    private static HealthCheckRegistry patient() {
        return HealthCheckRegistry.builder()
                .answerWithin(Duration.ofSeconds(30))
                .defaults(o -> o.timeout(Duration.ofSeconds(20)))
                .build();
    }

    private static Server serve(HealthCheckRegistry health) throws Exception {
        ServletHolder servlet = new ServletHolder(HealthServlet.of(health));
        servlet.setAsyncSupported(true);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(servlet, "/health/*");
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.setHandler(context);
        server.start();
        return server;
    }

    private static void expect(Server server, int status, String words) throws Exception {
        URI uri = server.getURI().resolve("/health");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != status || !answer.body().contains(words)) {
            throw new AssertionError(answer.statusCode() + " " + answer.body() + " (expected: " + status + " " + words + ")");
        }
        System.out.println("/health: " + status);
    }
}
