package dev.healthcheck.spring;

import dev.healthcheck.servlet.HealthServlet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Warns of controllers that no request reaches any more, because the health servlet has their path. The container prefers
 * it to Spring's servlet, which has all paths.
 */
final class ShadowedControllers implements SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(ShadowedControllers.class);

    private final ObjectProvider<ServletRegistrationBean<HealthServlet>> servlets;
    private final ObjectProvider<RequestMappingHandlerMapping> controllers;

    ShadowedControllers(
            ObjectProvider<ServletRegistrationBean<HealthServlet>> servlets,
            ObjectProvider<RequestMappingHandlerMapping> controllers) {
        this.servlets = servlets;
        this.controllers = controllers;
    }

    @Override
    public void afterSingletonsInstantiated() {
        controllers.stream()
                .flatMap(mapping -> mapping.getHandlerMethods().entrySet().stream())
                .forEach(method -> {
                    List<String> shadowed = method.getKey().getPatternValues().stream()
                            .filter(this::isShadowed)
                            .toList();
                    if (!shadowed.isEmpty()) {
                        LOG.warn(
                                "The health servlet answers at {}, so no request reaches {}. Another"
                                        + " healthcheck.servlet.path or healthcheck.servlet.enabled=false ends that.",
                                shadowed,
                                method.getValue());
                    }
                });
    }

    private boolean isShadowed(String path) {
        return servlets.stream()
                .flatMap(servlet -> servlet.getUrlMappings().stream())
                .anyMatch(mapping -> mapping.endsWith("/*")
                        ? (path + "/").startsWith(mapping.substring(0, mapping.length() - 1))
                        : path.equals(mapping));
    }
}
