package dev.healthcheck.admin;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthFormat;
import dev.healthcheck.servlet.HealthServlet;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** An application that has the servlet where Spring Boot has its own endpoint. It does not use Spring. */
final class Application implements AutoCloseable {
    private final Tomcat tomcat = new Tomcat();

    private Application(HealthCheckRegistry health, Path folder) {
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        tomcat.setBaseDir(folder.toString());
        tomcat.setConnector(connector);
        HealthServlet servlet =
                HealthServlet.builder(health).format(HealthFormat.springBoot()).build();
        Context context = tomcat.addContext("", null);
        Wrapper wrapper = Tomcat.addServlet(context, "health", servlet);
        wrapper.setAsyncSupported(true);
        wrapper.addMapping("/actuator/health/*");
    }

    static Application start(HealthCheckRegistry health, Path folder) throws LifecycleException {
        Application application = new Application(health, folder);
        application.tomcat.start();
        return application;
    }

    String healthUrl() {
        return "http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/actuator/health";
    }

    /** Does nothing if it has stopped. */
    @Override
    public void close() throws LifecycleException {
        if (tomcat.getServer().getState().isAvailable()) {
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
