package dev.healthcheck.springdata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.jdbc.JdbcHealthCheck;
import dev.healthcheck.micrometer.HealthMetrics;
import dev.healthcheck.redis.RedisHealthCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Whatever part an application lacks, it starts, and what is there is shown. */
class AbsentPartsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.healthcheck.jdbc",
                "dev.healthcheck.redis",
                "dev.healthcheck.micrometer",
                "dev.healthcheck.servlet",
                "io.lettuce",
                "io.micrometer",
                "org.springframework.data.redis",
                "org.springframework.jdbc",
                "reactor"
            })
    void an_application_starts_without(String part) {
        Applications.runner()
                .withClassLoader(new FilteredClassLoader(part))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(HealthCheckRegistry.class));
    }

    /** Modules of Spring Boot, whose own auto-configurations must then not be there either. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.springframework.boot.actuate",
                "org.springframework.boot.data.redis",
                "org.springframework.boot.health",
                "org.springframework.boot.jdbc",
                "org.springframework.boot.micrometer"
            })
    void our_auto_configurations_start_without(String part) {
        new ApplicationContextRunner()
                .withClassLoader(new FilteredClassLoader(part))
                .withUserConfiguration(OurAutoConfigurations.Imported.class)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(HealthCheckRegistry.class));
    }

    @Test
    void an_application_that_turns_this_module_off_has_nothing_of_it_beside_its_own_registry() {
        Applications.runner()
                .withPropertyValues("healthcheck.enabled=false", "management.health.redis.enabled=true")
                .run(context -> assertThat(context)
                        .hasSingleBean(DataSourceHealthIndicator.class)
                        .hasSingleBean(HealthCheckRegistry.class)
                        .getBeanNames(Object.class)
                        .noneMatch(
                                name -> name.startsWith("healthcheck") || name.startsWith("dev.healthcheck.spring.")));
    }

    @Test
    void without_our_checks_those_of_Spring_run_in_the_registry() {
        Applications.runner()
                .withClassLoader(
                        new FilteredClassLoader(JdbcHealthCheck.class, RedisHealthCheck.class, HealthMetrics.class))
                .withPropertyValues("management.health.redis.enabled=true")
                .run(context -> {
                    assertThat(context).hasSingleBean(DataSourceHealthIndicator.class);
                    assertThat(context).doesNotHaveBean("healthcheckMetrics");
                    assertThat(context.getBean(HealthContributorRegistry.class).getContributor("db"))
                            .isNotNull();
                    assertThat(context.getBean(HealthCheckRegistry.class).names())
                            .contains("db", "redis");
                });
    }
}
