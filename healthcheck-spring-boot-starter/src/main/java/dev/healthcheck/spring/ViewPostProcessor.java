package dev.healthcheck.spring;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthProperties;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.util.function.SingletonSupplier;

/**
 * Puts views in the place of the registries of an application. The beans of indicators stay as they are: an application that
 * gets one injected gets the indicator itself.
 */
final class ViewPostProcessor implements BeanPostProcessor {
    private final Supplier<Bridge> bridge;
    private final Supplier<HealthcheckProperties> properties;
    private final Supplier<Optional<BlockingInWebFlux>> blocking;

    ViewPostProcessor(
            Supplier<Bridge> bridge,
            Supplier<HealthcheckProperties> properties,
            Supplier<Optional<BlockingInWebFlux>> blocking) {
        this.bridge = bridge;
        this.properties = properties;
        this.blocking = blocking;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof HealthContributorRegistry registry && !(bean instanceof ViewingRegistry)) {
            return new ViewingRegistry(registry, SingletonSupplier.of(() -> new BlockingViews(bridge.get())));
        }
        if (bean instanceof ReactiveHealthContributorRegistry registry && !(bean instanceof ReactiveViewingRegistry)) {
            return new ReactiveViewingRegistry(
                    registry, SingletonSupplier.of(() -> new ReactiveViews(bridge.get())), blocking);
        }
        if (bean instanceof HealthEndpointProperties endpoint) {
            addDegraded(endpoint.getStatus());
        }
        return bean;
    }

    /** Spring ignores words that are not in the order: a group of which all is degraded would be {@code UNKNOWN}. */
    private void addDegraded(HealthProperties.Status status) {
        if (status.getOrder().isEmpty()) {
            String degraded = properties.get().actuator().degradedStatus();
            status.setOrder(Stream.of("DOWN", "OUT_OF_SERVICE", "UP", degraded, "UNKNOWN")
                    .distinct()
                    .toList());
        }
    }
}
