package dev.healthcheck.springdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.micrometer.HealthMetrics;
import dev.healthcheck.testkit.CapturedLog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class MetricsTest {
    private final ApplicationContextRunner application =
            Applications.runner().withBean("ordersHealthCheck", HealthCheck.class, () -> CheckResult::up);

    @Test
    void checks_have_meters() {
        application.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            context.getBean(HealthCheckRegistry.class).check();

            for (String check : new String[] {"orders", "db", "diskSpace"}) {
                Gauge up = meters.get("health.check.status")
                        .tags("check", check, "status", "up")
                        .gauge();
                await().untilAsserted(() -> assertThat(up.value()).isEqualTo(1));
            }
        });
    }

    @Test
    void one_line_names_all_checks_that_have_no_schedule() {
        try (CapturedLog log = new CapturedLog()) {
            application
                    .withPropertyValues("healthcheck.checks.orders.every=60s")
                    .run(context -> assertThat(log.messages())
                            .filteredOn(message -> message.contains("no schedule"))
                            .singleElement()
                            .asString()
                            .contains("db", "diskSpace")
                            .doesNotContain("orders"));
        }
    }

    @Test
    void meters_end_with_the_context() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();

        application.withBean(MeterRegistry.class, () -> meters).run(context -> assertThat(
                        meters.find("health.status").gauges())
                .isNotEmpty());

        assertThat(meters.getMeters())
                .noneMatch(meter -> meter.getId().getName().startsWith("health."));
    }

    @Test
    void the_application_may_make_the_meters_itself() {
        application.withUserConfiguration(Tagged.class).run(context -> {
            assertThat(context).hasSingleBean(HealthMetrics.class);
            assertThat(context.getBean(MeterRegistry.class)
                            .find("health.status")
                            .tags("fleet", "blue")
                            .gauges())
                    .isNotEmpty();
        });
    }

    @Test
    void probes_of_the_own_endpoint_are_counted() {
        new WebApplicationContextRunner()
                .withUserConfiguration(Applications.Application.class)
                .withPropertyValues("healthcheck.servlet.enabled=true", "healthcheck.servlet.path=/own")
                .run(context -> {
                    context.getBean(HealthEndpoint.class)
                            .await(HealthRequest.of("GET", "/own", "/live", header -> null));

                    await().ignoreExceptions().untilAsserted(() -> assertThat(context.getBean(MeterRegistry.class)
                                    .get("health.probe.requests")
                                    .tags("probe", "liveness", "code", "200")
                                    .timer()
                                    .count())
                            .isEqualTo(1));
                });
    }

    /** Spring Cloud Function binds the only one that an application has. */
    @ParameterizedTest
    @ValueSource(classes = {Consumer.class, Function.class, Supplier.class})
    void functions_of_the_application_are_its_only_ones(Class<?> type) {
        application.run(context ->
                assertThat(context).hasSingleBean(HealthMetrics.class).doesNotHaveBean(type));
    }

    @Test
    void a_filter_of_Spring_turns_the_meters_off() {
        application.withPropertyValues("management.metrics.enable.health=false").run(context -> assertThat(
                        context.getBean(MeterRegistry.class).getMeters())
                .noneMatch(meter -> meter.getId().getName().startsWith("health.")));
    }

    @Test
    void an_application_may_be_without_a_meter_registry() {
        application
                .withPropertyValues("management.defaults.metrics.export.enabled=false")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Configuration(proxyBeanMethods = false)
    static class Tagged {
        @Bean
        HealthMetrics tagged(HealthCheckRegistry registry) {
            return new HealthMetrics(registry, Tags.of("fleet", "blue"));
        }
    }
}
