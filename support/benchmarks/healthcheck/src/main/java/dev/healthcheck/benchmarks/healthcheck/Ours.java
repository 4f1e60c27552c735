package dev.healthcheck.benchmarks.healthcheck;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.benchmarks.Check;
import dev.healthcheck.benchmarks.OnJetty;
import dev.healthcheck.http.ConstantLoop;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import dev.healthcheck.http.HealthServer;
import dev.healthcheck.http.JsonOfReports;
import dev.healthcheck.servlet.HealthServlet;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/** This library, with its defaults. */
public class Ours extends OnJetty {
    private final String name;
    private final HealthCheckRegistry registry;
    private final JsonOfReports json = new JsonOfReports();

    /** Asked to by the service loader. */
    public Ours() {
        this("healthcheck", HealthCheckRegistry.create());
    }

    private Ours(String name, HealthCheckRegistry registry) {
        this.name = name;
        this.registry = registry;
    }

    final HealthCheckRegistry registry() {
        return registry;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start(Map<String, Check> checks) {
        checks.forEach((check, body) -> registry.register(check, () -> {
            body.run();
            return CheckResult.up();
        }));
    }

    @Override
    public HealthReport report() {
        return registry.check(Probe.READINESS);
    }

    @Override
    public byte[] json() {
        return json.of(report());
    }

    @Override
    protected Servlet servlet() {
        return HealthServlet.of(registry);
    }

    // the first runs of ten thousand checks need more than a second on a busy machine, and are not the subject
    private static HealthCheckRegistry patient(UnaryOperator<CheckOptions> defaults) {
        return HealthCheckRegistry.builder()
                .answerWithin(Duration.ofMinutes(1))
                .defaults(o -> defaults.apply(o.timeout(Duration.ofMinutes(1))))
                .build();
    }

    private static HealthResponse readiness(HealthEndpoint endpoint) {
        return endpoint.answer(HealthRequest.of("GET", "/health", "/ready", name -> null))
                .join();
    }

    /** With verdicts that are always fresh: nothing is run, only read. */
    public static class Fresh extends Ours {
        /** Asked to by the service loader. */
        public Fresh() {
            this("healthcheck-fresh");
        }

        private Fresh(String name) {
            super(name, patient(o -> o.cacheFor(Duration.ofHours(1))));
        }
    }

    /** The same, and its JSON is the answer to a request: to compare what the endpoint adds. */
    public static final class Endpoint extends Fresh {
        private final HealthEndpoint endpoint;

        /** Asked to by the service loader. */
        public Endpoint() {
            super("healthcheck-endpoint");
            endpoint = HealthEndpoint.of(registry());
        }

        @Override
        public byte[] json() {
            return readiness(endpoint).body();
        }
    }

    /** At a port of its own, and so without a servlet. */
    public static final class Port extends Ours {
        /** Asked to by the service loader. */
        public Port() {
            super("healthcheck-port", HealthCheckRegistry.create());
        }

        @Override
        public int serve(Map<String, Servlet> others) {
            return HealthServer.builder(registry())
                    .port(0)
                    .bind(InetAddress.getLoopbackAddress())
                    .start()
                    .port();
        }
    }

    /** The same loop with the same answer, made once: the most that {@link Port} can reach. */
    public static final class Loop extends Fresh {
        /** Asked to by the service loader. */
        public Loop() {
            super("healthcheck-loop");
        }

        @Override
        public int serve(Map<String, Servlet> others) throws IOException {
            return ConstantLoop.start(readiness(HealthEndpoint.of(registry())));
        }
    }

    /** With verdicts that are never fresh: everything is run whenever it is asked for. */
    public static final class Uncached extends Ours {
        /** Asked to by the service loader. */
        public Uncached() {
            super("healthcheck-uncached", patient(o -> o.cacheFor(Duration.ZERO)));
        }
    }
}
