package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.web.context.request.RequestScope;
import reactor.core.publisher.Mono;

/** The messages of an application that does not start because of this module. */
@Tag("slow")
class StartFailuresTest {

    @Test
    void a_check_and_an_indicator_of_the_same_name_stop_the_start_and_are_both_named() {
        HealthIndicator indicator = () -> Health.up().build();
        FailureAnalysis analysis =
                analysis(withCheck().withBean("ordersHealthIndicator", HealthIndicator.class, () -> indicator));

        assertThat(analysis.getDescription())
                .isEqualTo(
                        "orders: the check of the bean ordersHealthCheck has the same name as the health contributor of"
                                + " the bean ordersHealthIndicator");
        assertThat(analysis.getAction()).contains("management.health.orders.enabled=false");
    }

    @Test
    void a_check_and_a_reactive_indicator_of_the_same_name_stop_the_start() {
        ReactiveHealthIndicator indicator = () -> Mono.just(Health.up().build());

        assertThat(analysis(withCheck()
                                .withBean("ordersHealthIndicator", ReactiveHealthIndicator.class, () -> indicator))
                        .getDescription())
                .endsWith("of the bean ordersHealthIndicator");
    }

    @Test
    void a_check_whose_scope_needs_a_request_stops_the_start() {
        FailureAnalysis analysis = analysis(Contexts.patient()
                .withInitializer(context -> context.getBeanFactory().registerScope("request", new RequestScope()))
                .withUserConfiguration(OfRequests.class));

        assertThat(analysis.getDescription())
                .isEqualTo("bean ordersHealthCheck: scope request (expected: a scope that needs no request)");
    }

    private static ApplicationContextRunner withCheck() {
        return Contexts.patient().withBean("ordersHealthCheck", HealthCheck.class, () -> CheckResult::up);
    }

    @Test
    void an_unknown_property_stops_the_start_and_says_to_whom_the_prefix_belongs() {
        FailureAnalysis analysis = analysis(Contexts.patient().withPropertyValues("healthcheck.url=http://a"));

        assertThat(analysis.getDescription())
                .startsWith("healthcheck-spring-boot-starter does not know healthcheck.url (");
        assertThat(analysis.getAction()).contains("another prefix");
    }

    @Test
    void an_unknown_property_of_others_is_left_to_Spring() {
        new ApplicationContextRunner()
                .withUserConfiguration(Others.class)
                .withPropertyValues("others.nosuch=1")
                .run(context -> assertThat(new UnknownPropertyFailureAnalyzer().analyze(context.getStartupFailure()))
                        .isNull());
    }

    private static FailureAnalysis analysis(ApplicationContextRunner runner) {
        FailureAnalysis[] found = new FailureAnalysis[1];
        runner.run(context -> found[0] = analysis(context.getStartupFailure()));
        return found[0];
    }

    /** Asks the analyzers as Spring Boot does: the first that knows the failure describes it. */
    private static FailureAnalysis analysis(Throwable failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (type, name, thrown) -> {})
                .stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(analysis -> analysis != null)
                .findFirst()
                .orElseThrow();
    }

    @Configuration(proxyBeanMethods = false)
    static class OfRequests {
        @Bean
        @Scope(scopeName = "request", proxyMode = ScopedProxyMode.INTERFACES)
        HealthCheck ordersHealthCheck() {
            return CheckResult::up;
        }
    }

    @EnableConfigurationProperties(OthersProperties.class)
    static class Others {}

    @ConfigurationProperties(prefix = "others", ignoreUnknownFields = false)
    record OthersProperties(String known) {}
}
