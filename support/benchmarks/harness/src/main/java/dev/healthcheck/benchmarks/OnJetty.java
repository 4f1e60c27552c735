package dev.healthcheck.benchmarks;

import jakarta.servlet.Servlet;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A contender that is a servlet, on a server with default settings. */
public abstract class OnJetty implements Contender {

    /**
     * The servlet of the contender.
     *
     * @return what is mounted at {@code /health/*}
     */
    protected abstract Servlet servlet();

    @Override
    public int serve(Map<String, Servlet> others) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        others.forEach((path, servlet) -> context.addServlet(new ServletHolder(servlet), path));
        context.addServlet(asynchronous(servlet()), "/health/*");
        server.setHandler(context);
        server.start();
        return connector.getLocalPort();
    }

    private static ServletHolder asynchronous(Servlet servlet) {
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        return holder;
    }

    @Override
    public String path() {
        return "/health/ready";
    }
}
