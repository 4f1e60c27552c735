package dev.healthcheck.published;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.servlet.HealthServlet;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.AccessLogValve;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The access log of Tomcat, set up as docs/operations.md says. */
class TomcatAccessLogTest {
    @TempDir
    private Path folder;

    @Test
    void probes_stay_out_of_the_access_log() throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        // recipe
        AccessLogValve log = new AccessLogValve();
        log.setPattern("common");
        log.setConditionUnless("probe");
        tomcat.getHost().getPipeline().addValve(log);
        // end of recipe
        log.setBuffered(false);
        try (HealthCheckRegistry health = HealthCheckRegistry.create()) {
            Context context = tomcat.addContext("", folder.toString());
            context.addServletContainerInitializer((types, servlets) -> mount(health, servlets), Set.of());
            tomcat.start();
            AccessLog.askForAll(tomcat.getConnector().getLocalPort());
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }

        try (Stream<Path> logs = Files.list(folder.resolve("logs"))) {
            AccessLog.assertNoProbesIn(logs.findFirst().orElseThrow());
        }
    }

    private static void mount(HealthCheckRegistry health, ServletContext servletContext) {
        var servlet = servletContext.addServlet("health", HealthServlet.of(health));
        servlet.setAsyncSupported(true);
        servlet.addMapping(AccessLog.HEALTH);
        servletContext.addServlet("page", new AccessLog.Page()).addMapping("/");
        // recipe
        FilterRegistration.Dynamic mark = servletContext.addFilter("probe", (Filter) (request, response, chain) -> {
            request.setAttribute("probe", true);
            chain.doFilter(request, response);
        });
        mark.setAsyncSupported(true); // or a probe that waits holds a thread of Tomcat
        mark.addMappingForUrlPatterns(null, false, "/health/*", "/livez", "/readyz", "/startupz", "/healthz");
        // end of recipe
    }
}
