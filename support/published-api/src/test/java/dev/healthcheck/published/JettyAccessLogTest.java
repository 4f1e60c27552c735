package dev.healthcheck.published;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.servlet.HealthServlet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.CustomRequestLog;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The access log of Jetty, set up as docs/operations.md says. */
class JettyAccessLogTest {
    @TempDir
    private Path folder;

    @Test
    void probes_stay_out_of_the_access_log() throws Exception {
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Path file = folder.resolve("access.log");
        // recipe
        CustomRequestLog log = new CustomRequestLog(file.toString(), CustomRequestLog.EXTENDED_NCSA_FORMAT);
        log.setIgnorePaths(new String[] {"/health/*", "/livez", "/readyz", "/startupz", "/healthz"});
        server.setRequestLog(log);
        // end of recipe
        try (HealthCheckRegistry health = HealthCheckRegistry.create()) {
            ServletContextHandler context = new ServletContextHandler();
            ServletHolder servlet = new ServletHolder(HealthServlet.of(health));
            Stream.of(AccessLog.HEALTH).forEach(path -> context.addServlet(servlet, path));
            context.addServlet(new ServletHolder(new AccessLog.Page()), "/");
            server.setHandler(context);
            server.start();
            AccessLog.askForAll(server.getURI().getPort());
        } finally {
            server.stop();
        }

        AccessLog.assertNoProbesIn(file);
    }
}
