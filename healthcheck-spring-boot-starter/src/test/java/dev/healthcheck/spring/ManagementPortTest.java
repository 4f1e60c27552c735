package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheckRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;

/** Compares the answers at both ports of an application, with this module and without it, byte by byte. */
@Tag("slow")
class ManagementPortTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void both_ports_answer_as_before(WebApplicationType type) throws Exception {
        try (ConfigurableApplicationContext plain = start(type, "healthcheck.enabled=false");
                ConfigurableApplicationContext wrapped = start(type, "healthcheck.enabled=true")) {
            assertThat(wrapped.getBean(HealthCheckRegistry.class).names()).contains("blocking", "reactive", "both.a");
            for (String path : List.of(
                    "management /actuator/health",
                    "management /actuator/health/liveness",
                    "management /actuator/health/readiness",
                    "management /actuator/health/deep",
                    "management /actuator/health/blocking",
                    "management /actuator/health/reactive",
                    "management /actuator/health/both",
                    "management /actuator/health/both/a",
                    "management /actuator/health/nosuch",
                    "management /livez",
                    "server /actuator/health",
                    "server /livez",
                    "server /readyz",
                    "server /deep",
                    "server /deep/blocking")) {
                assertThat(answer(wrapped, path)).as(path).isEqualTo(answer(plain, path));
            }
            assertThat(answer(wrapped, "server /deep")).startsWith("200");
        }
    }

    private static ConfigurableApplicationContext start(WebApplicationType type, String property) {
        return new SpringApplicationBuilder(Application.class)
                .web(type)
                .properties(
                        property,
                        "server.port=0",
                        "management.server.port=0",
                        // or there would be two servers to choose from, which Spring does not do for this port
                        "spring.autoconfigure.exclude=org.springframework.boot.tomcat.autoconfigure.actuate.web.server."
                                + "TomcatReactiveManagementContextAutoConfiguration",
                        "spring.main.banner-mode=off",
                        "healthcheck.drain.enabled=false",
                        "healthcheck.answer-within=30s",
                        "healthcheck.defaults.timeout=30s",
                        "management.health.diskspace.enabled=false",
                        "management.endpoint.health.probes.add-additional-paths=true",
                        "management.endpoint.health.show-details=always",
                        "management.endpoint.health.group.deep.include=*",
                        "management.endpoint.health.group.deep.additional-path=server:/deep")
                .run();
    }

    /** Returns status and body, without the time that an error page has. */
    private static String answer(ConfigurableApplicationContext context, String portAndPath) throws Exception {
        int space = portAndPath.indexOf(' ');
        String port = context.getEnvironment().getProperty("local." + portAndPath.substring(0, space) + ".port");
        URI uri = URI.create("http://127.0.0.1:" + port + portAndPath.substring(space + 1));
        HttpResponse<String> answer = CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        return answer.statusCode() + " " + (answer.statusCode() == 404 ? "" : answer.body());
    }

    @EnableAutoConfiguration
    static class Application {

        @Bean
        HealthIndicator blocking() {
            return () -> Health.up().withDetail("a", 1).build();
        }

        @Bean
        ReactiveHealthIndicator reactive() {
            return () -> Mono.just(Health.up().build());
        }

        @Bean
        CompositeHealthContributor both() {
            HealthIndicator a = () -> Health.unknown().withDetail("z", 1).build();
            return CompositeHealthContributor.fromMap(Map.of("a", a));
        }
    }
}
