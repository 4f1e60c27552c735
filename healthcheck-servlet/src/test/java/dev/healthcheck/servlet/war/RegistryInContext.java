package dev.healthcheck.servlet.war;

import static java.time.Duration.ofSeconds;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.servlet.HealthServlet;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.lang.ref.WeakReference;

/** The listener of an application in a WAR. */
public final class RegistryInContext implements ServletContextListener {
    // a patient one, because the first request loads the classes of the engine and of the check
    private final HealthCheckRegistry registry = HealthCheckRegistry.builder()
            .answerWithin(ofSeconds(30))
            .defaults(o -> o.timeout(ofSeconds(30)))
            .build();

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ClassLoader ofWar = event.getServletContext().getClassLoader();
        registry.register(
                "library-of-this-war",
                () -> registry.getClass().getClassLoader() == ofWar
                        ? CheckResult.up()
                        : CheckResult.down("of " + registry.getClass().getClassLoader()));
        event.getServletContext().setAttribute(HealthServlet.REGISTRY, registry);
        // the only place that both the WAR and its test can see
        System.getProperties().put(RegistryInContext.class.getName(), new WeakReference<>(ofWar));
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        registry.close();
    }
}
