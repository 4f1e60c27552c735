package dev.healthcheck.servlet.war;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.servlet.HealthServlet;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.lang.ref.WeakReference;

/** The listener of an application in a WAR. */
public final class RegistryInContext implements ServletContextListener {
    private final HealthCheckRegistry registry = HealthCheckRegistry.create();

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
