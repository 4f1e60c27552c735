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
import org.jspecify.annotations.Nullable;

/**
 * A servlet container on a loopback port of its own, with {@value #THREADS} threads. What is mounted is set up when it
 * starts, through the servlet API, so that a subclass only has to start and stop its container.
 */
abstract class Container implements ServletContainerInitializer {
    static final int THREADS = 8;

    /** In bytes, of each connection: small, so that a client that does not read is noticed soon. */
    static final int SEND_BUFFER = 8192;

    private final List<Consumer<ServletContext>> setUp = new ArrayList<>();
    private @Nullable String errorPage;
    private boolean compresses;

    /** Starts with this as the only initializer of the root context. Returns the port. */
    abstract int start() throws Exception;

    /** Does nothing if it has stopped or was never started. */
    abstract void stop() throws Exception;

    /** Has the container compress JSON. */
    final void compress() {
        compresses = true;
    }

    final boolean compresses() {
        return compresses;
    }

    /** Has the container show {@code path} for errors with status 500. */
    final void errorPage(String path) {
        errorPage = path;
    }

    final @Nullable String errorPage() {
        return errorPage;
    }

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
