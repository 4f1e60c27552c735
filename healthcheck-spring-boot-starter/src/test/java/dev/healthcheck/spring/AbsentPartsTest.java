package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Every part of Spring Boot but its core may be missing. */
@Tag("slow")
class AbsentPartsTest {

    @Test
    void without_the_health_of_Spring_there_is_the_registry() {
        assertRegistryWithout("org.springframework.boot.health");
    }

    @Test
    void without_Actuator_there_is_the_registry() {
        assertRegistryWithout("org.springframework.boot.actuate", "org.springframework.boot.health.actuate");
    }

    private static void assertRegistryWithout(String... packages) {
        new ApplicationContextRunner()
                .withClassLoader(new FilteredClassLoader(packages))
                .withConfiguration(AutoConfigurations.of(
                        HealthcheckAutoConfiguration.class, HealthcheckActuatorAutoConfiguration.class))
                .withBean("orders", HealthCheck.class, () -> CheckResult::up)
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(HealthcheckActuatorAutoConfiguration.WALK);
                    assertThat(context.getBean(HealthCheckRegistry.class).names())
                            .containsExactly("orders");
                });
    }

    @Test
    void without_Reactor_indicators_run_in_the_registry() {
        Contexts.patient().withClassLoader(new FilteredClassLoader("reactor")).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(HealthCheckRegistry.class).names()).containsExactly("diskSpace");
        });
    }

    @Test
    void without_the_Servlet_API_indicators_run_in_the_registry() {
        Contexts.patient()
                .withClassLoader(new FilteredClassLoader("jakarta.servlet"))
                .withPropertyValues("healthcheck.servlet.enabled=true")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(HealthCheckRegistry.class).names())
                            .containsExactly("diskSpace");
                });
    }

    @Test
    void an_application_that_is_not_for_the_web_has_no_endpoint_of_ours() {
        new ApplicationContextRunner()
                .withClassLoader(
                        new FilteredClassLoader("org.springframework.boot.actuate", "org.springframework.boot.health"))
                .withConfiguration(AutoConfigurations.of(HealthcheckAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthEndpoint.class));
    }
}
