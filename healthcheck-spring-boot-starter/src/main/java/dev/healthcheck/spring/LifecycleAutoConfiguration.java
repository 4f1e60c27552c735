package dev.healthcheck.spring;

import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.function.SingletonSupplier;

/** Starts, drains and stops the registry with its application. */
@AutoConfiguration(after = HealthcheckAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "healthcheck.enabled", matchIfMissing = true)
final class LifecycleAutoConfiguration {

    /** Applies to the context of the registry. A child context uses that registry, and does not close it. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(value = HealthCheckRegistry.class, search = SearchStrategy.CURRENT)
    static class RegistryConfiguration {
        @Bean
        Closing healthcheckClosing(HealthCheckRegistry registry, ApplicationContext context) {
            return new Closing(registry, context);
        }

        @Bean
        @Lazy(false)
        @ConditionalOnBooleanProperty(name = "healthcheck.drain.enabled", matchIfMissing = true)
        Draining healthcheckDraining(
                ObjectProvider<HealthCheckRegistry> registry,
                ConfigurableApplicationContext context,
                HealthcheckProperties properties) {
            Duration phase = Binder.get(context.getEnvironment())
                    .bind(DrainTimes.PHASE, Duration.class)
                    .orElse(Duration.ofSeconds(30));
            return new Draining(
                    SingletonSupplier.of(registry::getObject), context, DrainTimes.of(properties.drain(), phase));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional(HasReaders.class)
    @ConditionalOnClass(WebServerApplicationContext.class)
    @ConditionalOnBean(HealthCheckRegistry.class)
    static class ServerConfiguration {
        @Bean
        WarmUp healthcheckWarmUp(
                HealthCheckRegistry registry, ApplicationContext context, HealthcheckProperties properties) {
            return new WarmUp(registry, context, properties.warmUpAtMost());
        }
    }
}
