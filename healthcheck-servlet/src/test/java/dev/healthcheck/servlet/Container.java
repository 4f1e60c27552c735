package dev.healthcheck.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.util.Map;

/** A servlet container on a port of its own, with {@value #THREADS} threads. */
interface Container {
    int THREADS = 8;

    void attribute(String name, Object value);

    void mount(HttpServlet servlet, boolean asyncSupported, String... paths);

    /** A servlet that the container makes. */
    void mount(Class<? extends HttpServlet> type, Map<String, String> initParameters, String... paths);

    /** A filter of all paths. */
    void filter(Filter filter, DispatcherType... dispatched);

    /** Returns the port. */
    int start() throws Exception;

    void stop() throws Exception;
}
