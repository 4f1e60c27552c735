package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Patience;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Who sees what of Actuator's endpoint behind Spring Security, with this module and without it. */
@Tag("slow")
class RolesTest {
    private static final Health UP = Health.up().withDetail("host", "10.0.0.1").build();
    private static final Health DOWN =
            Health.down().withDetail("host", "10.0.0.1").build();

    private static Twins twins;

    @BeforeAll
    static void start() {
        twins = Twins.start(
                Application.class,
                "management.health.diskspace.enabled=false",
                "management.endpoint.health.show-details=when-authorized",
                "management.endpoint.health.show-components=when-authorized",
                "management.endpoint.health.roles=OPERATOR",
                "management.endpoint.health.group.some.include=mine",
                "management.endpoint.health.group.open.include=mine",
                "management.endpoint.health.group.open.roles=USER");
    }

    @AfterAll
    static void stop() {
        twins.close();
    }

    @ParameterizedTest
    @CsvSource({
        "NOBODY, /actuator/health, false",
        "NOBODY, /actuator/health/mine, false",
        "NOBODY, /actuator/health/some, false",
        "NOBODY, /actuator/health/open, false",
        "USER, /actuator/health, false",
        "USER, /actuator/health/mine, false",
        "USER, /actuator/health/some, false",
        "USER, /actuator/health/open, true",
        "USER, /actuator/health/open/mine, true",
        "OPERATOR, /actuator/health, true",
        "OPERATOR, /actuator/health/mine, true",
        "OPERATOR, /actuator/health/some, true",
        "OPERATOR, /actuator/health/open, false"
    })
    void a_role_sees_the_same_as_without_this_module(String role, String path, boolean seesDetails) throws Exception {
        for (Health health : new Health[] {UP, DOWN}) {
            twins.both().forEach(context -> context.getBean(Switch.class).says = health);

            HttpResponse<String> expected = answer(twins.plain(), role, path);
            HttpResponse<String> actual = answer(twins.wrapped(), role, path);

            assertThat(actual.body().replaceAll(",\"healthcheck\":\\{[^}]*}", ""))
                    .isEqualTo(expected.body());
            assertThat(actual.statusCode()).isEqualTo(expected.statusCode());
            assertThat(actual.body().contains("10.0.0.1")).isEqualTo(seesDetails);
            assertThat(actual.body().contains("\"healthcheck\":"))
                    .as("what the registry adds")
                    .isEqualTo(seesDetails && health.equals(DOWN));
        }
    }

    private static HttpResponse<String> answer(ConfigurableApplicationContext context, String role, String path)
            throws Exception {
        if (role.equals("NOBODY")) {
            return Answers.get(context, path);
        }
        String credentials = Base64.getEncoder().encodeToString((role + ":a").getBytes(StandardCharsets.US_ASCII));
        return Answers.get(context, path, "Authorization", "Basic " + credentials);
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableWebSecurity
    static class Application {

        @Bean(destroyMethod = "close")
        HealthCheckRegistry registry() {
            return Patience.builder()
                    .defaults(o -> o.timeout(Duration.ofSeconds(30)).cacheFor(Duration.ZERO))
                    .build();
        }

        @Bean
        Switch mine() {
            return new Switch();
        }

        @Bean
        SecurityFilterChain security(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("USER").password("{noop}a").roles("USER").build(),
                    User.withUsername("OPERATOR")
                            .password("{noop}a")
                            .roles("OPERATOR")
                            .build());
        }
    }
}
