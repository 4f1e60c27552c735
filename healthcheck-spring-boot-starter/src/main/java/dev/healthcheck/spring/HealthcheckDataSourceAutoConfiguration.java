package dev.healthcheck.spring;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.jdbc.JdbcHealthCheck;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthIndicatorProperties;
import org.springframework.boot.jdbc.metadata.CompositeDataSourcePoolMetadataProvider;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Auto-configuration of a {@link JdbcHealthCheck} for each data source that Spring's indicator {@code db} asks. It takes the
 * place and the names of that indicator. The property {@code healthcheck.jdbc.enabled=false} turns it off.
 */
@AutoConfiguration(
        after = HealthcheckActuatorAutoConfiguration.class,
        afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
        beforeName = "org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration")
@ConditionalOnClass({JdbcHealthCheck.class, AbstractRoutingDataSource.class, DataSourceHealthIndicatorProperties.class})
@ConditionalOnBean({HealthCheckRegistry.class, DataSource.class})
@ConditionalOnBooleanProperty(
        name = {"healthcheck.enabled", "healthcheck.jdbc.enabled"},
        matchIfMissing = true)
@ConditionalOnEnabledHealthIndicator("db")
@EnableConfigurationProperties(DataSourceHealthIndicatorProperties.class)
final class HealthcheckDataSourceAutoConfiguration {

    @Bean
    DataSourceChecks healthcheckDataSources(
            ConfigurableListableBeanFactory beans,
            DataSourceHealthIndicatorProperties properties,
            ObjectProvider<DataSourcePoolMetadataProvider> providers) {
        var pools = new CompositeDataSourcePoolMetadataProvider(
                providers.orderedStream().toList());
        var checks = new DataSourceChecks(
                SimpleAutowireCandidateResolver.resolveAutowireCandidates(beans, DataSource.class, false, true),
                source -> {
                    DataSourcePoolMetadata pool = pools.getDataSourcePoolMetadata(source);
                    return pool == null ? null : pool.getValidationQuery();
                });
        return properties.isIgnoreRoutingDataSources() ? checks.withoutRouting() : checks;
    }

    /** For Actuator in the registry. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(Bridge.class)
    static class InActuator {

        @Bean
        @ConditionalOnMissingBean(name = {"dbHealthIndicator", "dbHealthContributor"})
        HealthContributor dbHealthContributor(DataSourceChecks checks) {
            return checks.arranged(SubstituteIndicator.arrangement("healthcheck.jdbc.enabled"));
        }
    }

    /** For the registry alone. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(HasReaders.class)
    @ConditionalOnMissingBean(Bridge.class)
    static class Alone {

        @Bean
        @ConditionalOnMissingBean(name = {"db", "dbHealthCheck"})
        NamedChecks healthcheckDataSourceChecks(DataSourceChecks checks) {
            return checks.arranged(NamedChecks.below("db"));
        }
    }
}
