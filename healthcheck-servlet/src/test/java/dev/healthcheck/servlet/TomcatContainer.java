package dev.healthcheck.servlet;

import java.io.File;
import java.nio.file.Path;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.jspecify.annotations.Nullable;

/** Tomcat, in any version that compiles with this code. */
final class TomcatContainer extends Container {
    /** Kept in a field, because the JDK's logging forgets loggers without a strong reference. */
    private static final Logger LOG = Logger.getLogger("org.apache");

    /** Warns of modules that are closed to its search for leaks. */
    private static final Logger LOADER_LOG = Logger.getLogger("org.apache.catalina.loader");

    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector();

    private final @Nullable Path war;

    TomcatContainer() {
        this(null);
    }

    TomcatContainer(@Nullable Path war) {
        this.war = war;
        LOG.setLevel(Level.WARNING);
        LOADER_LOG.setLevel(Level.SEVERE);
        tomcat.setBaseDir(baseDir().getAbsolutePath());
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxThreads", String.valueOf(THREADS));
        connector.setProperty("socket.txBufSize", String.valueOf(SEND_BUFFER));
        connector.setAllowTrace(true); // otherwise the connector answers instead of the servlet
        tomcat.setConnector(connector);
    }

    /** A directory of this JVM alone, because tests run in several JVMs at once. */
    static File baseDir() {
        return new File("target/tomcat-" + ProcessHandle.current().pid());
    }

    @Override
    int start() throws Exception {
        if (war == null) {
            Context context = tomcat.addContext("", null);
            context.addServletContainerInitializer(this, Set.of());
            if (errorPage() != null) {
                ErrorPage page = new ErrorPage();
                page.setErrorCode(500);
                page.setLocation(errorPage());
                context.addErrorPage(page);
            }
            if (compresses()) {
                connector.setProperty("compression", "on");
                connector.setProperty("compressibleMimeType", "application/json");
            }
        } else {
            tomcat.setAddDefaultWebXmlToWebapp(false); // it asks for JSP, too
            StandardJarScanner scanner =
                    (StandardJarScanner) tomcat.addWebapp("", war.toString()).getJarScanner();
            scanner.setScanClassPath(false); // the many jars of the tests
        }
        tomcat.start();
        return connector.getLocalPort();
    }

    @Override
    void stop() throws Exception {
        if (tomcat.getServer().getState() != LifecycleState.DESTROYED) {
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
