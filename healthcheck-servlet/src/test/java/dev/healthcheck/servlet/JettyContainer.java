package dev.healthcheck.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

final class JettyContainer implements Container {
    private final Server server = new Server(new QueuedThreadPool(THREADS, THREADS));
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final ServletContextHandler context = new ServletContextHandler();

    JettyContainer() {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(context);
    }

    @Override
    public void attribute(String name, Object value) {
        context.setAttribute(name, value);
    }

    @Override
    public void mount(HttpServlet servlet, boolean asyncSupported, String... paths) {
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(asyncSupported);
        add(holder, paths);
    }

    @Override
    public void mount(Class<? extends HttpServlet> type, Map<String, String> initParameters, String... paths) {
        ServletHolder holder = new ServletHolder(type);
        holder.setInitParameters(initParameters);
        add(holder, paths);
    }

    private void add(ServletHolder holder, String... paths) {
        for (String path : paths) {
            context.addServlet(holder, path);
        }
    }

    @Override
    public void filter(Filter filter, DispatcherType... dispatched) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        context.addFilter(holder, "/*", EnumSet.copyOf(List.of(dispatched)));
    }

    @Override
    public int start() throws Exception {
        server.start();
        return connector.getLocalPort();
    }

    @Override
    public void stop() throws Exception {
        server.stop();
    }
}
