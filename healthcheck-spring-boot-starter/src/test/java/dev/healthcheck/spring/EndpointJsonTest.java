package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Patience;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;

/** Compares Actuator's answers with this module and without it, byte by byte. */
@Tag("slow")
class EndpointJsonTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static Twins twins;

    @BeforeAll
    static void start() {
        twins = Twins.start(
                Application.class,
                "healthcheck.servlet.enabled=true",
                "management.health.diskspace.enabled=false",
                "management.endpoint.health.probes.enabled=true",
                "management.endpoint.health.probes.add-additional-paths=true",
                "management.endpoint.health.show-details=always",
                "management.endpoint.health.group.some.include=pojo,both",
                "management.endpoint.health.group.some.exclude=both/b",
                "management.endpoint.health.group.deep.include=*",
                "management.endpoint.health.group.deep.additional-path=server:/deep",
                "management.endpoint.health.group.closed.include=pojo",
                "management.endpoint.health.group.closed.show-components=never",
                "management.endpoint.health.group.closed.show-details=never");
    }

    @AfterAll
    static void stop() {
        twins.close();
    }

    @Test
    void the_indicators_run_in_the_registry() {
        assertThat(twins.wrapped().getBean(HealthCheckRegistry.class).names())
                .contains("pojo", "both.a", "both.b", "reactive", "fails");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health",
                "/actuator/health/",
                "/actuator/health/liveness",
                "/actuator/health/readiness",
                "/actuator/health/some",
                "/actuator/health/deep",
                "/actuator/health/closed",
                "/actuator/health/closed/pojo",
                "/actuator/health/pojo",
                "/actuator/health/both",
                "/actuator/health/both/a",
                "/actuator/health/reactive",
                "/actuator/health/nosuch",
                "/actuator",
                "/livez",
                "/readyz",
                "/deep"
            })
    void the_answer_is_the_same_while_all_is_well(String path) throws Exception {
        state(Health.up().build());

        HttpResponse<String> expected = answer(twins.plain(), path);
        HttpResponse<String> actual = answer(twins.wrapped(), path);

        assertThat(actual.body().replace(port(twins.wrapped()), port(twins.plain())))
                .isEqualTo(expected.body());
        assertThat(actual.statusCode()).isEqualTo(expected.statusCode());
        assertThat(actual.headers().firstValue("content-type"))
                .isEqualTo(expected.headers().firstValue("content-type"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/fails", "/actuator/health/closed", "/deep"})
    void a_failure_differs_by_what_the_registry_adds(String path) throws Exception {
        state(Health.down(new IllegalStateException("no route")).build());

        HttpResponse<String> expected = answer(twins.plain(), path);
        HttpResponse<String> actual = answer(twins.wrapped(), path);

        assertThat(actual.body().replaceAll(",\"healthcheck\":\\{[^}]*}", "")).isEqualTo(expected.body());
        assertThat(actual.statusCode()).isEqualTo(expected.statusCode());
        assertThat(actual.body().contains("\"healthcheck\":{")).isEqualTo(!path.endsWith("closed"));
    }

    /** Spring Security asks for them. */
    @Test
    void the_additional_paths_are_known_as_before() {
        assertThat(additionalPaths(twins.wrapped()))
                .contains("/deep", "/livez")
                .isEqualTo(additionalPaths(twins.plain()));
    }

    private static List<String> additionalPaths(ConfigurableApplicationContext context) {
        return ((AdditionalPathsMapper) context.getBean(HealthEndpointGroups.class))
                .getAdditionalPaths(HealthEndpoint.ID, WebServerNamespace.SERVER);
    }

    @Test
    void the_servlet_beside_Actuator_answers_with_the_state_of_the_application() throws Exception {
        state(Health.up().build());

        assertThat(answer(twins.wrapped(), "/health/ready").body()).contains("\"readinessState\":{\"status\":\"UP\"");
    }

    private static void state(Health health) {
        twins.both().forEach(context -> context.getBean("fails", Switch.class).says = health);
    }

    private static HttpResponse<String> answer(ConfigurableApplicationContext context, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port(context) + path);
        return CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static String port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getProperty("local.server.port");
    }

    /** The registry exists before it is known whether the module is enabled; it is patient, so that no deadline passes. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean(destroyMethod = "close")
        HealthCheckRegistry registry() {
            return Patience.builder()
                    .defaults(o -> o.timeout(Duration.ofSeconds(30)).cacheFor(Duration.ZERO))
                    .build();
        }

        @Bean
        HealthIndicator pojo() {
            return () -> Health.up()
                    .withDetail("pojo", new Pojo("a", List.of(1, 2)))
                    .withDetail("big", 1e100)
                    .build();
        }

        @Bean
        CompositeHealthContributor both() {
            HealthIndicator a =
                    () -> Health.up().withDetail("z", 1).withDetail("a", 2).build();
            HealthIndicator b = () -> Health.unknown().build();
            return CompositeHealthContributor.fromMap(new TreeMap<>(Map.of("a", a, "b", b)));
        }

        @Bean
        ReactiveHealthIndicator reactive() {
            return () -> Mono.just(Health.up().withDetail("reactive", true).build());
        }

        @Bean
        HealthIndicator silent() {
            return () -> null;
        }

        @Bean
        Switch fails() {
            return new Switch();
        }
    }

    /** A detail that is an object. */
    record Pojo(String name, List<Integer> numbers) {}
}
