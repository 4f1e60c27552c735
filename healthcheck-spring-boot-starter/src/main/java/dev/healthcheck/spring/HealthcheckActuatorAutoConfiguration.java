package dev.healthcheck.spring;

import dev.healthcheck.HealthCheckRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.function.SingletonSupplier;

/**
 * Auto-configuration that runs the health indicators of an application in its {@link HealthCheckRegistry}, and shows the
 * checks of that registry in Actuator's endpoint {@code health}. Groups, roles, probes and paths of the endpoint stay
 * Spring's.
 *
 * <p>The property {@code healthcheck.actuator.wrap=false} turns it off. Then the registry has only the checks of the
 * application, and the web server does not wait for them, unless the application has an endpoint of this library, too.
 */
@AutoConfiguration(
        after = HealthcheckAutoConfiguration.class,
        beforeName =
                "org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration")
@ConditionalOnClass({HealthContributorRegistry.class, HealthEndpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBooleanProperty(
        name = {"healthcheck.enabled", "healthcheck.actuator.wrap"},
        matchIfMissing = true)
@SuppressWarnings("exports") // of annotations, which only Spring reads
public final class HealthcheckActuatorAutoConfiguration {
    /** The name of the bean that looks for all contributors at the start. */
    static final String WALK = "healthcheckWalk";

    HealthcheckActuatorAutoConfiguration() {}

    /** A class of its own, because Spring cannot read the condition without Actuator. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(HealthEndpoint.class)
    static class EndpointConfiguration {
        /** A child context that shows its checks in its parent's Actuator has the same one. */
        @Bean
        @ConditionalOnMissingBean
        OwnChecks healthcheckOwnChecks(HealthCheckRegistry registry) {
            return OwnChecks.shown(registry);
        }

        @Bean(destroyMethod = "close")
        Bridge healthcheckBridge(
                HealthCheckRegistry registry,
                OwnChecks own,
                SettingsByName settings,
                HealthcheckProperties properties,
                ObjectProvider<HealthEndpointGroups> groups,
                ObjectProvider<LoggingSystem> logging) {
            Supplier<HealthEndpointGroups> found = SingletonSupplier.ofNullable(groups::getIfAvailable);
            Translation translation = new Translation(
                    () -> found.get() == null ? null : found.get().getPrimary().getHttpCodeStatusMapper(),
                    properties.actuator().degradedStatus());
            OneStack stacks = new OneStack(properties.actuator().oneStack() ? logging.getIfAvailable() : null);
            return new Bridge(registry, own, settings, translation, stacks);
        }

        @Bean
        static BeanPostProcessor healthcheckViews(
                ConfigurableListableBeanFactory beans,
                ObjectProvider<Bridge> bridge,
                ObjectProvider<HealthcheckProperties> properties,
                ObjectProvider<BlockingInWebFlux> blocking) {
            return new ViewPostProcessor(
                    beans,
                    SingletonSupplier.of(bridge::getObject),
                    properties::getObject,
                    SingletonSupplier.of(() -> Optional.ofNullable(blocking.getIfAvailable())));
        }

        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        HealthEndpointGroupsPostProcessor healthcheckGroups(ObjectProvider<Bridge> bridge) {
            Supplier<Bridge> found = SingletonSupplier.of(bridge::getObject);
            return groups -> new BatchedGroups(groups, found);
        }

        @Bean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
        BlockingInWebFlux healthcheckBlockingInWebFlux(ObjectProvider<HealthContributorRegistry> contributors) {
            return new BlockingInWebFlux(SingletonSupplier.ofNullable(contributors::getIfAvailable));
        }

        @Bean(WALK)
        Walk healthcheckWalk(
                HealthCheckRegistry registry,
                Bridge bridge,
                SettingsByName settings,
                HealthcheckProperties properties,
                ObjectProvider<HealthContributorRegistry> contributors,
                ObjectProvider<ReactiveHealthContributorRegistry> reactiveContributors,
                ListableBeanFactory beans) {
            return new Walk(
                    registry,
                    bridge,
                    properties.validateNames() ? settings : new SettingsByName(Map.of()),
                    contributors::getIfAvailable,
                    reactiveContributors::getIfAvailable,
                    beans);
        }
    }
}
