package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@Tag("slow")
class PropertiesTest {

    @Test
    void every_option_of_a_check_has_a_property() {
        Contexts.actuator()
                .withPropertyValues(
                        "healthcheck.answer-within=1900ms",
                        "healthcheck.checks.disk-space.required=false",
                        "healthcheck.checks.disk-space.timeout=1500ms",
                        "healthcheck.checks.disk-space.every=10s",
                        "healthcheck.checks.disk-space.slow-after=1s",
                        "healthcheck.checks.disk-space.failure-threshold=2",
                        "healthcheck.checks.disk-space.success-threshold=2",
                        "healthcheck.checks.disk-space.interrupt-on-timeout=true",
                        "healthcheck.checks.disk-space.probes=readiness,startup")
                .run(context -> {
                    HealthCheckRegistry registry = context.getBean(HealthCheckRegistry.class);
                    assertThat(registry.answerWithin()).isEqualTo(Duration.ofMillis(1900));
                    assertThat(registry.latest("diskSpace").orElseThrow())
                            .returns(false, CheckReport::required)
                            .returns(Duration.ofMillis(1500), CheckReport::timeout)
                            .returns(Duration.ofSeconds(10), CheckReport::every)
                            .returns(Set.of(Probe.READINESS, Probe.STARTUP), CheckReport::probes);
                });
    }

    @Test
    void defaults_hold_for_every_check_that_has_no_settings_of_its_own() {
        Contexts.actuator()
                .withPropertyValues(
                        "healthcheck.defaults.required=false",
                        "healthcheck.defaults.timeout=1500ms",
                        "healthcheck.defaults.every=10s",
                        "healthcheck.checks.other.required=true",
                        "healthcheck.checks.other.every=20s")
                .withBean("other", Switch.class, Switch::new)
                .withBean("ordersHealthCheck", HealthCheck.class, () -> CheckResult::up)
                .run(context -> {
                    HealthCheckRegistry registry = context.getBean(HealthCheckRegistry.class);
                    for (String name : List.of("diskSpace", "orders")) {
                        assertThat(registry.latest(name).orElseThrow())
                                .returns(false, CheckReport::required)
                                .returns(Duration.ofMillis(1500), CheckReport::timeout)
                                .returns(Duration.ofSeconds(10), CheckReport::every);
                    }
                    assertThat(registry.latest("other").orElseThrow())
                            .returns(true, CheckReport::required)
                            .returns(Duration.ofMillis(1500), CheckReport::timeout)
                            .returns(Duration.ofSeconds(20), CheckReport::every);
                });
    }

    @Test
    void a_default_threshold_and_a_default_cache_hold() {
        Switch cache = new Switch();

        Contexts.actuator()
                .withPropertyValues(
                        "healthcheck.answer-within=30s",
                        "healthcheck.defaults.timeout=20s",
                        "healthcheck.defaults.cache-for=0s",
                        "healthcheck.defaults.slow-after=19s",
                        "healthcheck.defaults.failure-threshold=2",
                        "healthcheck.defaults.success-threshold=2")
                .withBean("cache", Switch.class, () -> cache)
                .run(context -> {
                    HealthCheckRegistry registry = context.getBean(HealthCheckRegistry.class);
                    assertSays(registry, dev.healthcheck.Status.UP);
                    cache.says = Health.down().build();
                    assertSays(registry, dev.healthcheck.Status.UP, dev.healthcheck.Status.DOWN);
                    cache.says = Health.up().build();
                    assertSays(registry, dev.healthcheck.Status.DOWN, dev.healthcheck.Status.UP);
                });
    }

    private static void assertSays(HealthCheckRegistry registry, dev.healthcheck.Status... oneAfterTheOther) {
        for (dev.healthcheck.Status status : oneAfterTheOther) {
            assertThat(registry.check("cache").orElseThrow().status()).isEqualTo(status);
        }
    }

    @Test
    void a_check_may_be_required_until_it_has_been_well_once() {
        Switch cache = new Switch();

        Contexts.patient()
                .withPropertyValues(
                        "healthcheck.checks.cache.required=to-start",
                        "healthcheck.checks.disk-space.required=true",
                        "healthcheck.checks.cache.cache-for=0s")
                .withBean("cache", Switch.class, () -> cache)
                .run(context -> {
                    HealthCheckRegistry registry = context.getBean(HealthCheckRegistry.class);
                    assertThat(registry.latest("diskSpace").orElseThrow().required())
                            .isTrue();
                    cache.says = Health.down().build();
                    assertThat(registry.check("cache").orElseThrow().required()).isTrue();
                    assertThat(Contexts.endpoint(context).health().getStatus()).isEqualTo(Status.DOWN);

                    cache.says = Health.up().build();
                    assertThat(registry.check("cache").orElseThrow().required()).isFalse();
                    cache.says = Health.down().build();
                    assertThat(Contexts.endpoint(context).health().getStatus()).isEqualTo(Status.UP);
                });
    }

    @Test
    void another_word_for_required_stops_the_start() {
        Contexts.actuator()
                .withPropertyValues("healthcheck.checks.disk-space.required=perhaps")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("perhaps"));
    }

    @Test
    void the_environment_sets_a_timeout() {
        with(Map.of("HEALTHCHECK_CHECKS_DISKSPACE_TIMEOUT", "300ms"))
                .run(context -> assertThat(context.getBean(HealthCheckRegistry.class)
                                .latest("diskSpace")
                                .orElseThrow()
                                .timeout())
                        .isEqualTo(Duration.ofMillis(300)));
    }

    /** Kubernetes sets these in each container if a service is called {@code healthcheck}. */
    @Test
    void a_service_with_the_name_of_this_library_does_no_harm() {
        with(Map.of("HEALTHCHECK_PORT", "tcp://10.0.0.1:80", "HEALTHCHECK_SERVICE_HOST", "10.0.0.1"))
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static ApplicationContextRunner with(Map<String, Object> environment) {
        return Contexts.actuator().withInitializer(context -> context.getEnvironment()
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("systemEnvironment", environment)));
    }

    @Test
    void an_unknown_check_stops_the_start_and_names_the_choices() {
        assertRefused(
                "healthcheck.checks.nosuch.timeout=1s",
                "healthcheck.checks: [nosuch] (expected: some of [diskSpace, ping])");
    }

    @Test
    void an_unknown_check_may_be_allowed() {
        Contexts.actuator()
                .withPropertyValues("healthcheck.checks.nosuch.timeout=1s", "healthcheck.validate-names=false")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void options_that_contradict_each_other_stop_the_start() {
        assertRefused(
                "healthcheck.checks.diskSpace.timeout=3s",
                "healthcheck.checks.diskSpace: timeout: PT3S (expected: <= PT0.9S, or every(...))");
        assertRefused(
                "healthcheck.checks.diskSpace.probes=liveness",
                "healthcheck.checks.diskSpace: probes: [LIVENESS] (expected: no dependency in LIVENESS: its outage would"
                        + " restart every instance; allowInLiveness() permits it)");
    }

    @Test
    void values_out_of_range_stop_the_start_with_the_name_of_the_property() {
        assertRefused("healthcheck.answer-within=-1s", "healthcheck.answerWithin: PT-1S (expected: > 0)");
        assertRefused("healthcheck.defaults.timeout=-1s", "healthcheck.defaults.timeout: PT-1S (expected: > 0)");
        assertRefused(
                "healthcheck.defaults.timeout=3s",
                "healthcheck.checks.diskSpace: timeout: PT3S (expected: <= PT0.9S, or every(...))");
    }

    private static void assertRefused(String property, String message) {
        Contexts.actuator().withPropertyValues(property).run(context -> {
            FailureAnalysis analysis = new InvalidSettingsFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis.getDescription()).isEqualTo(message);
        });
    }

    @Test
    void an_unknown_property_stops_the_start() {
        Contexts.actuator()
                .withPropertyValues("healthcheck.checks.ping.tmeout=1s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("healthcheck.checks.ping.tmeout"));
    }

    @Test
    void a_check_that_is_not_enabled_is_hidden() {
        Contexts.patient()
                .withPropertyValues("healthcheck.checks.disk-space.enabled=false")
                .run(context -> {
                    assertThat(Contexts.endpoint(context).healthForPath("diskSpace"))
                            .isNull();
                    assertThat(context.getBean(HealthContributorRegistry.class).stream())
                            .extracting(entry -> entry.name())
                            .containsExactly("ping");
                    assertThat(context.getBean(HealthCheckRegistry.class).names())
                            .isEmpty();
                });
    }

    @Test
    void an_inline_check_is_the_indicator_itself() {
        Switch here = new Switch();

        Contexts.patient()
                .withPropertyValues("healthcheck.checks.both.inline=true")
                .withBean(
                        "both",
                        CompositeHealthContributor.class,
                        () -> CompositeHealthContributor.fromMap(Map.of("here", here)))
                .run(context -> {
                    CompositeHealthContributor both = (CompositeHealthContributor)
                            context.getBean(HealthContributorRegistry.class).getContributor("both");
                    assertThat(both.getContributor("here")).isSameAs(here);
                });
    }
}
