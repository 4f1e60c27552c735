package dev.healthcheck.alerts;

import com.sun.net.httpserver.HttpServer;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.micrometer.HealthMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/** An instance of a service that has one check, and serves its health meters. */
final class Instance implements AutoCloseable {
    private final HealthCheckRegistry health = HealthCheckRegistry.create();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    Instance(String check, boolean required, Supplier<CheckResult> answer) throws IOException {
        health.register(check, answer::get, o -> (required ? o.required() : o.optional()).every(Duration.ofSeconds(1)));
        new HealthMetrics(health).bindTo(meters);
        server.createContext("/metrics", exchange -> {
            byte[] scrape = meters.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, scrape.length);
            exchange.getResponseBody().write(scrape);
            exchange.close();
        });
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Stops without a word, as in a crash. */
    @Override
    public void close() {
        server.stop(0);
        health.close();
    }
}
