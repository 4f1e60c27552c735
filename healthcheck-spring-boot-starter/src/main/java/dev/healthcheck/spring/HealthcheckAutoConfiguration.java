package dev.healthcheck.spring;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthListener;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of a {@link HealthCheckRegistry} with every {@link HealthCheck} bean of the application, under the
 * bean's name without the end {@code HealthCheck}. Beans of type {@link HealthListener} become listeners.
 *
 * <pre>{@code
 * import dev.healthcheck.*;
 * import java.util.Queue;
 * import org.springframework.context.annotation.*;
 *
 * @Configuration
 * public class Checks {
 *     @Bean
 *     HealthCheck backlogHealthCheck(Queue<?> orders) { // the check "backlog"
 *         return () -> orders.size() < 1_000 ? CheckResult.up() : CheckResult.down("too many orders wait");
 *     }
 * }
 * }</pre>
 *
 * <p>The property {@code healthcheck.enabled=false} turns it off. An application that has a registry bean keeps it.
 */
@AutoConfiguration(after = ApplicationAvailabilityAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "healthcheck.enabled", matchIfMissing = true)
@EnableConfigurationProperties(HealthcheckProperties.class)
@Import(OwnEndpointConfiguration.class)
@SuppressWarnings("exports") // of annotations, which only Spring reads
public final class HealthcheckAutoConfiguration {
    HealthcheckAutoConfiguration() {}

    @Bean
    SettingsByName healthcheckSettings(HealthcheckProperties properties) {
        return new SettingsByName(properties.checks());
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    HealthCheckRegistry healthCheckRegistry(HealthcheckProperties properties, SettingsByName settings) {
        var builder = HealthCheckRegistry.builder()
                .adjust((name, options) -> settings.of(name).applyTo(options));
        named("healthcheck", () -> builder.answerWithin(properties.answerWithin()));
        return named("healthcheck.defaults", () -> builder.defaults(properties.defaults()::applyTo)
                .build());
    }

    /** Lets a failure name the property. */
    private static <T> T named(String prefix, Supplier<T> setting) {
        try {
            return setting.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(prefix + "." + e.getMessage(), e);
        }
    }

    @Bean
    CheckBeans healthcheckBeans(
            HealthCheckRegistry registry,
            ObjectProvider<OwnChecks> own,
            SettingsByName settings,
            HealthcheckProperties properties,
            ConfigurableListableBeanFactory beans) {
        OwnChecks found = own.getIfAvailable(() -> OwnChecks.notShown(registry));
        return new CheckBeans(registry, found, settings, properties.validateNames(), beans);
    }
}
