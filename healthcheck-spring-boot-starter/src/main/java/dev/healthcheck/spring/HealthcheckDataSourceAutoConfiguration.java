package dev.healthcheck.spring;

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
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Auto-configuration of a {@link JdbcHealthCheck} in the place of Spring's indicator {@code db}, for the same data sources
 * and under the same names. The property {@code healthcheck.jdbc.enabled=false} turns it off.
 */
@AutoConfiguration(
        after = HealthcheckActuatorAutoConfiguration.class,
        afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
        beforeName = "org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration")
@ConditionalOnClass({
    JdbcHealthCheck.class,
    AbstractRoutingDataSource.class,
    DataSourceHealthIndicatorProperties.class,
    ConditionalOnEnabledHealthIndicator.class
})
@ConditionalOnBean({Bridge.class, DataSource.class})
@ConditionalOnBooleanProperty(name = "healthcheck.jdbc.enabled", matchIfMissing = true)
@ConditionalOnEnabledHealthIndicator("db")
@EnableConfigurationProperties(DataSourceHealthIndicatorProperties.class)
final class HealthcheckDataSourceAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = {"dbHealthIndicator", "dbHealthContributor"})
    HealthContributor dbHealthContributor(
            ConfigurableListableBeanFactory beans,
            DataSourceHealthIndicatorProperties properties,
            ObjectProvider<DataSourcePoolMetadataProvider> providers) {
        var pools = new CompositeDataSourcePoolMetadataProvider(
                providers.orderedStream().toList());
        var contributors = new DataSourceContributors(
                source -> {
                    DataSourcePoolMetadata pool = pools.getDataSourcePoolMetadata(source);
                    return pool == null ? null : pool.getValidationQuery();
                },
                properties.isIgnoreRoutingDataSources());
        return contributors.of(
                SimpleAutowireCandidateResolver.resolveAutowireCandidates(beans, DataSource.class, false, true));
    }
}
