package dev.healthcheck.microprofile;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthFormat;
import dev.healthcheck.servlet.HealthServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.microprofile.health.HealthCheck;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.ArchivePath;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;

/** A deployed archive: its classes as beans, its checks in a registry, and the servlet. */
final class Deployed {
    private static final String CLASSES = "/WEB-INF/classes/";

    private final Weld weld = new Weld().disableDiscovery();
    private final HealthCheckRegistry health = HealthCheckRegistry.create();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    private Deployed() {}

    static Deployed start(Archive<?> archive) throws Exception {
        Deployed deployed = new Deployed();
        try {
            deployed.startBeans(archive);
            deployed.startServer();
            return deployed;
        } catch (Exception e) {
            deployed.stop();
            throw e;
        }
    }

    private void startBeans(Archive<?> archive) throws ClassNotFoundException {
        for (ArchivePath path : archive.getContent().keySet()) {
            if (path.get().endsWith(".class")) {
                weld.addBeanClass(Class.forName(className(path.get())));
            }
        }
        WeldContainer beans = weld.initialize();
        new MicroProfileChecks(health).register(beans.select(HealthCheck.class));
    }

    private static String className(String path) {
        return path.substring(CLASSES.length(), path.length() - ".class".length())
                .replace('/', '.');
    }

    private void startServer() throws Exception {
        HealthServlet servlet = HealthServlet.builder(health)
                .format(HealthFormat.microProfile())
                .showDetailsTo(request -> true)
                .build();
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(holder, "/health/*");
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    void stop() throws Exception {
        server.stop();
        health.close();
        weld.shutdown();
    }
}
