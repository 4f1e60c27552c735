package dev.healthcheck.springdata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** Applications whose Actuator is not there, or does not run in the registry. A registry that is read has the same checks. */
class WithoutActuatorTest {
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withClassLoader(new FilteredClassLoader(
                    "org.springframework.boot.actuate", "org.springframework.boot.health", "io.micrometer"))
            .withUserConfiguration(OurAutoConfigurations.Imported.class)
            .withBean(HealthCheckRegistry.class, () -> Patience.builder().build())
            .withConfiguration(
                    AutoConfigurations.of(DataSourceAutoConfiguration.class, DataRedisAutoConfiguration.class));

    @Test
    void the_registry_has_the_checks_and_their_settings() {
        application
                .withPropertyValues("healthcheck.checks.db.timeout=20s", "healthcheck.checks.redis.required=false")
                .run(context -> {
                    HealthCheckRegistry registry = context.getBean(HealthCheckRegistry.class);
                    assertThat(registry.names()).containsExactlyInAnyOrder("db", "redis");
                    assertThat(registry.latest("db").map(CheckReport::timeout)).contains(Duration.ofSeconds(20));
                    assertThat(registry.latest("redis").map(CheckReport::required))
                            .contains(false);
                    assertThat(registry.check("db").orElseThrow().details()).containsKey("validationQuery");
                });
    }

    @Test
    void several_data_sources_have_the_names_of_their_beans() {
        application
                .withUserConfiguration(DataSourceTest.Several.class)
                .withPropertyValues(
                        "healthcheck.checks.db.timeout=700ms", "healthcheck.checks[db/second].timeout=600ms")
                .run(context -> {
                    HealthCheckRegistry registry = context.getBean(HealthCheckRegistry.class);
                    assertThat(registry.names())
                            .contains("db.first", "db.second")
                            .doesNotContain("db");
                    assertThat(registry.latest("db.first").map(CheckReport::timeout))
                            .contains(Duration.ofMillis(700));
                    assertThat(registry.latest("db.second").map(CheckReport::timeout))
                            .contains(Duration.ofMillis(600));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "healthcheck.jdbc.enabled=false",
                "management.health.db.enabled=false",
                "healthcheck.checks.db.enabled=false"
            })
    void there_is_no_check_if_the_application_turns_it_off(String property) {
        besideActuator().withPropertyValues(property).run(context -> assertThat(
                        context.getBean(HealthCheckRegistry.class).names())
                .doesNotContain("db"));
    }

    @Test
    void a_check_of_the_application_with_this_name_stays() {
        application
                .withBean("dbHealthCheck", HealthCheck.class, () -> () -> CheckResult.degraded("mine"))
                .run(context -> assertThat(
                                context.getBean(HealthCheckRegistry.class).names())
                        .containsExactlyInAnyOrder("db", "redis"));
    }

    /** Returns an application with both endpoints, each with its own checks. */
    private static WebApplicationContextRunner besideActuator() {
        return new WebApplicationContextRunner()
                .withUserConfiguration(Applications.Application.class)
                .withBean(HealthCheckRegistry.class, () -> Patience.builder().build())
                .withPropertyValues(
                        "healthcheck.actuator.wrap=false",
                        "healthcheck.servlet.enabled=true",
                        "healthcheck.servlet.path=/own");
    }

    @Test
    void beside_Actuator_the_endpoint_of_this_library_has_the_checks() {
        besideActuator().run(context -> {
            assertThat(context).hasSingleBean(DataSourceHealthIndicator.class).hasBean("healthcheckWarmUp");
            assertThat(context.getBean(HealthCheckRegistry.class).names()).contains("db", "redis");
        });
    }

    @Test
    void a_registry_that_nobody_reads_has_only_the_checks_of_the_application_and_no_warm_up() {
        Applications.runner()
                .withPropertyValues("healthcheck.actuator.wrap=false", "management.health.redis.enabled=true")
                .withBean("ordersHealthCheck", HealthCheck.class, () -> CheckResult::up)
                .run(context -> {
                    assertThat(context)
                            .hasSingleBean(DataSourceHealthIndicator.class)
                            .doesNotHaveBean("healthcheckWarmUp");
                    assertThat(context.getBean(HealthCheckRegistry.class).names())
                            .containsExactly("orders");
                });
    }
}
