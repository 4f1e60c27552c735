package dev.healthcheck.examples.quickstart;

import static java.time.Duration.ofMillis;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.jetty12.server.DefaultJettyCoreRequestTagsProvider;
import io.micrometer.jetty12.server.TimedHandler;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** The meters at {@code /metrics}: those of the JVM and of HTTP requests, and all that is added to {@link #registry}. */
final class Meters implements AutoCloseable {
    private static final String REQUESTS = "http.server.requests";
    private static final Set<String> WITH_BUCKETS = Set.of(REQUESTS, "health.check.duration");
    private static final double[] BUCKETS = Stream.of(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000)
            .mapToDouble(millis -> ofMillis(millis).toNanos())
            .toArray();

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    Meters() {
        registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith("jetty.server.handling")) // the same times again
                .meterFilter(new NamesAndBuckets());
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    MeterRegistry registry() {
        return registry;
    }

    /** Returns a handler for the inside of a context: outside of it, nobody knows the route of a request. */
    Handler.Singleton requests() {
        return new TimedHandler(registry, Tags.empty(), new Routes());
    }

    /** Returns what answers at {@code /metrics}. A scrape reads what is known, and runs no check. */
    HttpServlet servlet() {
        return new Scrape(registry);
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }

    /** Gives Jetty's timer the name that it has in Spring, so that one rule alerts for both; and buckets for heat maps. */
    private static final class NamesAndBuckets implements MeterFilter {
        @Override
        public Meter.Id map(Meter.Id id) {
            return id.getName().equals("jetty.server.requests") ? id.withName(REQUESTS) : id;
        }

        @Override
        public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
            return WITH_BUCKETS.contains(id.getName())
                    ? DistributionStatisticConfig.builder()
                            .serviceLevelObjectives(BUCKETS)
                            .build()
                            .merge(config)
                    : config;
        }
    }

    private static final class Scrape extends HttpServlet {
        private static final long serialVersionUID = 1;

        private final transient PrometheusMeterRegistry registry;

        Scrape(PrometheusMeterRegistry registry) {
            this.registry = registry;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain; version=0.0.4; charset=utf-8");
            registry.scrape(response.getOutputStream());
        }
    }

    /** Adds the pattern of the servlet, never the path: clients invent paths, and each would be a series. */
    private static final class Routes extends DefaultJettyCoreRequestTagsProvider {
        @Override
        public Iterable<Tag> getTags(@Nullable Request request) {
            return Tags.concat(super.getTags(request), "uri", request == null ? "UNKNOWN" : routeOf(request));
        }

        private static String routeOf(Request request) {
            return Request.as(request, ServletContextRequest.class)
                    .getMatchedResource()
                    .getPathSpec()
                    .getDeclaration();
        }
    }
}
