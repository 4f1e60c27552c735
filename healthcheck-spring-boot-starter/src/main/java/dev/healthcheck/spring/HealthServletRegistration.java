package dev.healthcheck.spring;

import dev.healthcheck.servlet.HealthServlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.servlet.ServletRegistrationBean;

/** Mounts the servlet below a path, and at the paths of probes that no other servlet has. */
final class HealthServletRegistration extends ServletRegistrationBean<HealthServlet> {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServletRegistration.class);

    HealthServletRegistration(HealthServlet servlet, String path, List<String> probes) {
        super(servlet, false, path + "/*");
        addUrlMappings(probes.toArray(String[]::new));
        setName("healthcheck");
    }

    /** A container that knows one of the paths already would mount the servlet at none of them, and say nothing. */
    @Override
    protected ServletRegistration.Dynamic addRegistration(String description, ServletContext context) {
        Set<String> taken = context.getServletRegistrations().values().stream()
                .flatMap(other -> other.getMappings().stream())
                .filter(getUrlMappings()::contains)
                .collect(Collectors.toSet());
        if (getUrlMappings().removeAll(taken)) {
            LOG.warn("The health servlet is not mounted at {}: another servlet is.", taken);
        }
        return super.addRegistration(description, context);
    }
}
