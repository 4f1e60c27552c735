package dev.healthcheck.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A servlet container on a loopback port of its own, with {@value #THREADS} threads. What is mounted is set up when it
 * starts, through the servlet API, so that a subclass only has to start and stop its container.
 */
abstract class Container implements ServletContainerInitializer {
    static final int THREADS = 8;

    private final List<Consumer<ServletContext>> setUp = new ArrayList<>();

    /** Starts with this as the only initializer of the root context. Returns the port. */
    abstract int start() throws Exception;

    /** Does nothing if it has stopped or was never started. */
    abstract void stop() throws Exception;

    final void attribute(String name, Object value) {
        setUp.add(context -> context.setAttribute(name, value));
    }

    final void mount(HttpServlet servlet, boolean asyncSupported, String... paths) {
        String name = newName();
        setUp.add(context -> map(context.addServlet(name, servlet), asyncSupported, paths));
    }

    /** Mounts a servlet that the container makes. */
    final void mount(Class<? extends HttpServlet> type, Map<String, String> initParameters, String... paths) {
        String name = newName();
        setUp.add(context -> {
            ServletRegistration.Dynamic registration = context.addServlet(name, type);
            registration.setInitParameters(initParameters);
            map(registration, true, paths);
        });
    }

    /** Adds a filter for all paths. */
    final void filter(Filter filter, DispatcherType... dispatched) {
        String name = newName();
        setUp.add(context -> {
            FilterRegistration.Dynamic registration = context.addFilter(name, filter);
            registration.setAsyncSupported(true);
            registration.addMappingForUrlPatterns(EnumSet.copyOf(List.of(dispatched)), true, "/*");
        });
    }

    @Override
    public final void onStartup(Set<Class<?>> classes, ServletContext context) {
        setUp.forEach(step -> step.accept(context));
    }

    private String newName() {
        return "name" + setUp.size();
    }

    private static void map(ServletRegistration.Dynamic registration, boolean asyncSupported, String... paths) {
        registration.setAsyncSupported(asyncSupported);
        registration.addMapping(paths);
    }
}
