package dev.healthcheck.spring;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.servlet.HealthServlet;
import jakarta.servlet.Servlet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/**
 * Lets a web application without Actuator answer probes by this library's own endpoint.
 *
 * <p>The class path decides whether Actuator is there: an application that turns Actuator's endpoint off does not want
 * another instead.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@Conditional(OwnEndpointConfiguration.Wanted.class)
class OwnEndpointConfiguration {
    private static final String ACTUATOR =
            "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint";
    private static final String ENDPOINT = "org.springframework.boot.health.actuate.endpoint.HealthEndpoint";

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

    @Bean
    @ConditionalOnMissingBean
    HealthEndpoint healthcheckEndpoint(
            HealthCheckRegistry registry, Environment environment, ObjectProvider<ProbeListener> listeners) {
        HealthEndpoint.Builder builder = HealthEndpoint.builder(registry);
        listeners.ifAvailable(listener -> builder.onAnswer(listener.onAnswer()));
        String name = environment.getProperty("spring.application.name");
        return (StringUtils.hasText(name) ? builder.service(name) : builder).build();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(ApplicationAvailability.class)
    static class States {

        @Bean
        AvailabilityCheck livenessStateHealthCheck(ApplicationAvailability availability) {
            return AvailabilityCheck.ofLiveness(availability);
        }

        @Bean
        AvailabilityCheck readinessStateHealthCheck(ApplicationAvailability availability) {
            return AvailabilityCheck.ofReadiness(availability);
        }
    }

    private static String path(HealthcheckProperties properties) {
        String path = properties.servlet().path();
        if (!PATH.matcher(path).matches()) {
            throw new InvalidSettingsException(
                    "healthcheck.servlet.path: " + path + " (expected: a path such as /health)", null);
        }
        return path;
    }

    private static List<String> probes(ObjectProvider<ProbesAtRoot> atRoot) {
        return atRoot.getIfAvailable(() -> new ProbesAtRoot(List.of())).paths();
    }

    /** Paths of probes besides those below the path of the endpoint. */
    record ProbesAtRoot(List<String> paths) {}

    /** Actuator may have these paths for itself: {@code management.endpoint.health.probes.add-additional-paths}. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(WithoutActuator.class)
    static class AtRoot {

        @Bean
        ProbesAtRoot healthcheckProbesAtRoot() {
            return new ProbesAtRoot(List.of("/livez", "/readyz"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass({Servlet.class, ServletRegistrationBean.class})
    static class InServletContainer {

        @Bean
        @ConditionalOnMissingBean
        ServletRegistrationBean<HealthServlet> healthcheckServlet(
                HealthcheckProperties properties,
                HealthEndpoint endpoint,
                ObjectProvider<HealthServlet> servlet,
                ObjectProvider<ProbesAtRoot> atRoot) {
            Set<String> roles = properties.servlet().showDetailsToRoles();
            return new HealthServletRegistration(
                    servlet.getIfUnique(() ->
                            HealthServlet.of(endpoint, request -> roles.stream().anyMatch(request::isUserInRole))),
                    path(properties),
                    probes(atRoot));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass({Servlet.class, ServletRegistrationBean.class, RequestMappingHandlerMapping.class})
    static class BesideControllers {

        @Bean
        ShadowedControllers healthcheckShadowedControllers(
                ObjectProvider<ServletRegistrationBean<HealthServlet>> servlets,
                ObjectProvider<RequestMappingHandlerMapping> controllers) {
            return new ShadowedControllers(servlets, controllers);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    @ConditionalOnClass(RouterFunctionMapping.class)
    static class InWebFlux {

        @Bean
        @ConditionalOnClass(Connection.class)
        WebFluxEndpoint.EventLoop healthcheckEventLoop() {
            return new WebFluxEndpoint.EventLoop();
        }

        @Bean
        HandlerMapping healthcheckMapping(
                HealthcheckProperties properties,
                HealthEndpoint endpoint,
                ObjectProvider<WebFluxEndpoint.Finisher> finisher,
                ObjectProvider<ProbesAtRoot> atRoot) {
            if (!properties.servlet().showDetailsToRoles().isEmpty()) {
                throw new InvalidSettingsException(
                        "healthcheck.servlet.show-details-to-roles: "
                                + properties.servlet().showDetailsToRoles()
                                + " (expected: an application with servlets, and not WebFlux)",
                        null);
            }
            return new WebFluxEndpoint(endpoint, finisher.getIfAvailable(() -> request -> Schedulers.parallel()))
                    .mapping(path(properties), probes(atRoot));
        }
    }

    static final class WithoutActuator extends AnyNestedCondition {
        WithoutActuator() {
            super(ConfigurationPhase.PARSE_CONFIGURATION);
        }

        @ConditionalOnMissingClass(ACTUATOR)
        static class NoActuator {}

        @ConditionalOnMissingClass(ENDPOINT)
        static class NoEndpoint {}
    }

    static final class Wanted extends AnyNestedCondition {
        Wanted() {
            super(ConfigurationPhase.PARSE_CONFIGURATION);
        }

        @ConditionalOnBooleanProperty("healthcheck.servlet.enabled")
        static class Always {}

        @Conditional(WithoutActuator.class)
        @ConditionalOnBooleanProperty(name = "healthcheck.servlet.enabled", matchIfMissing = true)
        static class Otherwise {}
    }
}
