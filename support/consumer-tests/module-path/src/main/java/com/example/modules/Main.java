package com.example.modules;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.jdbc.JdbcHealthCheck;
import dev.healthcheck.servlet.HealthServlet;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;

/** A database that is gone: not ready, and alive. The page is asked for as well, for it is made of resources. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        try (HealthCheckRegistry health = patient()) {
            health.register("orders-db", JdbcHealthCheck.of(new Gone()));
            Server server = serve(health);
            try {
                expect(server, "/health/ready", "application/json", 503, "\"reason\":\"unreachable\"");
                expect(server, "/health/live", "application/json", 200, "\"status\":\"UP\"");
                expect(server, "/health", "text/html", 503, "prefers-color-scheme");
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

    private static void expect(Server server, String path, String type, int status, String words) throws Exception {
        URI uri = server.getURI().resolve(path);
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri).header("Accept", type).build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != status || !answer.body().contains(words)) {
            throw new AssertionError(answer.statusCode() + " " + answer.body() + " (expected: " + status + " " + words + ")");
        }
        System.out.println(path + ": " + status);
    }

    /** Of a module, as no driver of a database has to be. */
    private static final class Gone implements DataSource {
        @Override
        public Connection getConnection() throws SQLException {
            throw new SQLException("connection refused", "08001");
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }

        @Override
        public PrintWriter getLogWriter() {
            return new PrintWriter(System.err);
        }

        @Override
        public void setLogWriter(PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("not a wrapper");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
