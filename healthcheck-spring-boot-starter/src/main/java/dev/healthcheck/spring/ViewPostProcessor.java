package dev.healthcheck.spring;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthProperties;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.util.function.SingletonSupplier;

/**
 * Puts views in the place of the registries of an application. A registry whose bean is declared as a class of the
 * application stays as it is, because a view does not have that type. The beans of indicators stay as they are, too: an
 * application that gets one injected gets the indicator itself.
 */
final class ViewPostProcessor implements BeanPostProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(ViewPostProcessor.class);

    private final ConfigurableListableBeanFactory beans;
    private final Supplier<Bridge> bridge;
    private final Supplier<HealthcheckProperties> properties;
    private final Supplier<Optional<BlockingInWebFlux>> blocking;

    ViewPostProcessor(
            ConfigurableListableBeanFactory beans,
            Supplier<Bridge> bridge,
            Supplier<HealthcheckProperties> properties,
            Supplier<Optional<BlockingInWebFlux>> blocking) {
        this.beans = beans;
        this.bridge = bridge;
        this.properties = properties;
        this.blocking = blocking;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof HealthContributorRegistry registry && !(bean instanceof ViewingRegistry)) {
            Object views = new ViewingRegistry(registry, SingletonSupplier.of(() -> new BlockingViews(bridge.get())));
            return replaced(bean, beanName, views, HealthContributorRegistry.class);
        }
        if (bean instanceof ReactiveHealthContributorRegistry registry && !(bean instanceof ReactiveViewingRegistry)) {
            Object views = new ReactiveViewingRegistry(
                    registry, SingletonSupplier.of(() -> new ReactiveViews(bridge.get())), blocking);
            return replaced(bean, beanName, views, ReactiveHealthContributorRegistry.class);
        }
        if (bean instanceof HealthEndpointProperties endpoint) {
            addDegraded(endpoint.getStatus());
        }
        return bean;
    }

    /** Returns {@code views}, unless they lack the type by which the application may have this registry injected. */
    private Object replaced(Object registry, String beanName, Object views, Class<?> expected) {
        if (declaredType(registry, beanName).isInstance(views)) {
            return views;
        }
        LOG.warn(
                "The bean {} is a {}. Its indicators run without deadlines, and Actuator does not show the checks of the"
                        + " application beside them. To change that, declare the bean as a {}.",
                beanName,
                registry.getClass().getName(),
                expected.getSimpleName());
        return registry;
    }

    private Class<?> declaredType(Object bean, String beanName) {
        return beans.containsBeanDefinition(beanName)
                ? beans.getMergedBeanDefinition(beanName).getResolvableType().resolve(bean.getClass())
                : bean.getClass();
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
