package dev.healthcheck.spring;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.micrometer.HealthMetrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the meters of the registry. Spring Boot binds them, as it binds every {@link MeterBinder}. */
@AutoConfiguration(after = HealthcheckAutoConfiguration.class)
@ConditionalOnClass({HealthMetrics.class, MeterBinder.class})
@ConditionalOnBean(HealthCheckRegistry.class)
@ConditionalOnBooleanProperty(name = "healthcheck.enabled", matchIfMissing = true)
final class HealthcheckMetricsAutoConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    HealthMetrics healthcheckMetrics(HealthCheckRegistry registry) {
        return new HealthMetrics(registry);
    }

    /** For this library's own endpoint. Metrics of Actuator's endpoint are Spring's. */
    @Bean
    ProbeListener healthcheckProbeRequests(HealthMetrics metrics) {
        return new ProbeListener(metrics.probeRequests());
    }
}
