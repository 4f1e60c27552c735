package dev.healthcheck.benchmarks.smallrye;

import dev.healthcheck.benchmarks.Check;
import dev.healthcheck.benchmarks.OnJetty;
import io.smallrye.health.AsyncHealthCheckFactory;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.health.api.HealthRegistry;
import io.smallrye.health.api.HealthType;
import io.smallrye.health.registry.HealthRegistries;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** SmallRye Health, with its defaults. */
public final class SmallRye extends OnJetty {
    private final SeContainer container = SeContainerInitializer.newInstance()
            .disableDiscovery()
            .addExtensions(new io.smallrye.config.inject.ConfigExtension())
            .addBeanClasses(SmallRyeHealthReporter.class, AsyncHealthCheckFactory.class, HealthRegistries.class)
            .initialize();
    private final SmallRyeHealthReporter reporter =
            container.select(SmallRyeHealthReporter.class).get();

    /** Asked to by the service loader. */
    public SmallRye() {}

    @Override
    public String name() {
        return "smallrye";
    }

    @Override
    public void start(Map<String, Check> checks) {
        HealthRegistry registry = HealthRegistries.getRegistry(HealthType.READINESS);
        checks.forEach((name, check) -> registry.register(name, () -> answer(name, check)));
    }

    private static HealthCheckResponse answer(String name, Check check) {
        try {
            check.run();
            return HealthCheckResponse.up(name);
        } catch (Exception e) {
            return HealthCheckResponse.down(name);
        }
    }

    @Override
    public SmallRyeHealth report() {
        return reporter.getReadiness();
    }

    @Override
    public byte[] json() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        reporter.reportHealth(body, report());
        return body.toByteArray();
    }

    @Override
    protected Servlet servlet() {
        return new ReadinessServlet(reporter);
    }

    /** What WildFly does with it. */
    private static final class ReadinessServlet extends HttpServlet {
        private static final long serialVersionUID = 1;

        private final transient SmallRyeHealthReporter reporter;

        ReadinessServlet(SmallRyeHealthReporter reporter) {
            this.reporter = reporter;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            SmallRyeHealth health = reporter.getReadiness();
            if (health.isDown()) {
                response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            }
            response.setHeader("Content-Type", "application/json; charset=UTF-8");
            reporter.reportHealth(response.getOutputStream(), health);
        }
    }
}
