package dev.healthcheck.spring;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Patience;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.DiskSpaceHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Applications of this module and of Actuator's health, without a server. */
final class Contexts {
    private Contexts() {}

    /** Returns one with the indicators {@code ping} and {@code diskSpace}, whose endpoint may be asked. */
    static ApplicationContextRunner actuator() {
        return new ApplicationContextRunner()
                .withPropertyValues("management.endpoints.web.exposure.include=health")
                .withConfiguration(AutoConfigurations.of(
                        HealthcheckAutoConfiguration.class,
                        HealthcheckActuatorAutoConfiguration.class,
                        LifecycleAutoConfiguration.class,
                        ApplicationAvailabilityAutoConfiguration.class,
                        AvailabilityHealthContributorAutoConfiguration.class,
                        DiskSpaceHealthContributorAutoConfiguration.class,
                        EndpointAutoConfiguration.class,
                        HealthContributorAutoConfiguration.class,
                        HealthContributorRegistryAutoConfiguration.class,
                        HealthEndpointAutoConfiguration.class));
    }

    /** Returns one in which no deadline passes. */
    static ApplicationContextRunner patient() {
        return actuator()
                .withBean(HealthCheckRegistry.class, () -> Patience.builder().build());
    }

    static HealthEndpoint endpoint(ApplicationContext context) {
        return context.getBean(HealthEndpoint.class);
    }
}
