package dev.healthcheck.benchmarks.dropwizard;

import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.HealthCheckRegistry;
import com.codahale.metrics.health.annotation.Async;
import com.codahale.metrics.json.HealthCheckModule;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.healthcheck.benchmarks.Check;
import dev.healthcheck.benchmarks.OnJetty;
import io.dropwizard.metrics.servlets.HealthCheckServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Dropwizard Metrics, one check after the other on the asking thread. */
public class Dropwizard extends OnJetty {
    private final String name;
    private final @Nullable ExecutorService executor;
    private final HealthCheckRegistry registry = new HealthCheckRegistry();
    private final ObjectMapper mapper = new ObjectMapper().registerModule(new HealthCheckModule());

    /** Asked to by the service loader. */
    public Dropwizard() {
        this("dropwizard", null);
    }

    private Dropwizard(String name, @Nullable ExecutorService executor) {
        this.name = name;
        this.executor = executor;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start(Map<String, Check> checks) {
        checks.forEach((check, body) -> registry.register(check, adapt(body)));
    }

    /**
     * As a check of Dropwizard's.
     *
     * @param body what it does
     * @return the same
     */
    HealthCheck adapt(Check body) {
        return new Adapted(body);
    }

    @Override
    public SortedMap<String, HealthCheck.Result> report() {
        return executor == null ? registry.runHealthChecks() : registry.runHealthChecks(executor);
    }

    @Override
    public byte[] json() throws JsonProcessingException {
        return mapper.writeValueAsBytes(report());
    }

    @Override
    protected Servlet servlet() {
        return new WithExecutor(registry, executor);
    }

    /** With an executor of ten threads. */
    public static final class Parallel extends Dropwizard {
        /** Asked to by the service loader. */
        public Parallel() {
            super("dropwizard-executor", Executors.newFixedThreadPool(10, Parallel::daemon));
        }

        private static Thread daemon(Runnable task) {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }
    }

    /** With checks that run once a second on two threads of Dropwizard's; questions read the last result. */
    public static final class Scheduled extends Dropwizard {
        /** Asked to by the service loader. */
        public Scheduled() {
            super("dropwizard-async", null);
        }

        @Override
        HealthCheck adapt(Check body) {
            return new EverySecond(body);
        }
    }

    private static class Adapted extends HealthCheck {
        private final Check body;

        Adapted(Check body) {
            this.body = body;
        }

        @Override
        protected Result check() throws Exception {
            body.run();
            return Result.healthy();
        }
    }

    @Async(period = 1)
    private static final class EverySecond extends Adapted {
        EverySecond(Check body) {
            super(body);
        }
    }

    /** The servlet takes its executor from the servlet context only. */
    private static final class WithExecutor extends HealthCheckServlet {
        private static final long serialVersionUID = 1;

        private final transient @Nullable ExecutorService executor;

        WithExecutor(HealthCheckRegistry registry, @Nullable ExecutorService executor) {
            super(registry);
            this.executor = executor;
        }

        @Override
        public void init(ServletConfig config) throws ServletException {
            if (executor != null) {
                config.getServletContext().setAttribute(HEALTH_CHECK_EXECUTOR, executor);
            }
            super.init(config);
        }
    }
}
