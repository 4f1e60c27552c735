package com.example.orders;

import static java.time.Duration.ofSeconds;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.checks.JvmChecks;
import dev.healthcheck.http.HealthServer;
import dev.healthcheck.jdbc.JdbcHealthCheck;
import dev.healthcheck.servlet.HealthServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.slf4j.LoggerFactory;

/**
 * The service that the files in examples/deploy start: one required database, health below the port of the service and at
 * a port of its own, and the stop of the documents.
 */
public final class Main {
    private final HikariDataSource dataSource = new HikariDataSource(pool());
    private final HealthCheckRegistry health = HealthCheckRegistry.create();
    private final Server server = new Server(port("PORT", 8080));
    private volatile boolean migrated;

    private Main() {}

    public static void main(String... arguments) throws Exception {
        var main = new Main();
        Runtime.getRuntime().addShutdownHook(new Thread(main::stop, "shutdown"));
        main.start();
    }

    private void start() throws Exception {
        health.register("orders-db", JdbcHealthCheck.of(dataSource));
        health.register("deadlock", JvmChecks.deadlock(), o -> o.probes(Probe.LIVENESS));
        health.register(
                "migrations",
                () -> migrated ? CheckResult.up() : CheckResult.down("migrations pending"),
                o -> o.probes(Probe.STARTUP));
        HealthServer.start(health, port("HEALTH_PORT", 8081));
        var context = new ServletContextHandler();
        var holder = new ServletHolder(HealthServlet.of(health));
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/health/*");
        context.addServlet(new ServletHolder(new Orders()), "/orders");
        server.setHandler(context);
        server.setStopTimeout(5000);
        server.start();
        migrated = true;
    }

    private void stop() {
        long begin = System.nanoTime();
        try {
            health.drain();
            health.awaitDrainSeen(2, ofSeconds(11), ofSeconds(20));
            server.stop();
        } catch (Exception e) {
            LoggerFactory.getLogger(Main.class).error("cannot stop in order", e);
        }
        health.close();
        dataSource.close();
        LoggerFactory.getLogger(Main.class).info("stopped after {} ms", (System.nanoTime() - begin) / 1_000_000);
    }

    private static HikariConfig pool() {
        var config = new HikariConfig();
        config.setJdbcUrl(Optional.ofNullable(System.getenv("JDBC_URL")).orElse("jdbc:postgresql://db/orders"));
        config.setUsername("postgres");
        config.setPassword("postgres");
        config.setMaximumPoolSize(5);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2000);
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("connectTimeout", "1");
        config.addDataSourceProperty("socketTimeout", "2");
        return config;
    }

    private static int port(String name, int otherwise) {
        return Optional.ofNullable(System.getenv(name)).map(Integer::parseInt).orElse(otherwise);
    }

    /** What users ask for. It needs no database, so each failure is one of the stop. */
    private static final class Orders extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain;charset=utf-8");
            response.getWriter().println("no orders");
        }
    }
}
