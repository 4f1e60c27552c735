package dev.healthcheck.spring;

import dev.healthcheck.HealthCheckRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What happens to the registry while its application starts and stops. */
@AutoConfiguration(after = HealthcheckAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "healthcheck.enabled", matchIfMissing = true)
final class LifecycleAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
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
