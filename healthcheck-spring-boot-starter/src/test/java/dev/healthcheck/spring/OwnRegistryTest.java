package dev.healthcheck.spring;

import static dev.healthcheck.spring.Contexts.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.CapturedLog;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.DefaultHealthContributorRegistry;
import org.springframework.boot.health.registry.DefaultReactiveHealthContributorRegistry;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Applications that make the registries of contributors themselves. */
@Tag("slow")
class OwnRegistryTest {

    @Test
    void a_registry_that_the_application_knows_by_its_own_type_stays_as_it_is() {
        try (CapturedLog log = new CapturedLog()) {
            Contexts.patient().withUserConfiguration(Typed.class).run(context -> {
                assertThat(context).hasNotFailed();
                assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.UP);
                assertThat(((CompositeHealthDescriptor) endpoint(context).health()).getComponents())
                        .containsKeys("mine", "mineToo");
                assertThat(context.getBean(HealthCheckRegistry.class).names()).doesNotContain("mine", "mineToo");
            });
            assertThat(warnings(log))
                    .hasSize(2)
                    .allMatch(text -> text.contains("without deadlines"))
                    .anyMatch(
                            text -> text.startsWith("The bean healthContributorRegistry is a " + Mine.class.getName()))
                    .anyMatch(text -> text.contains("declare the bean as a ReactiveHealthContributorRegistry"));
        }
    }

    @Test
    void the_indicators_of_a_registry_that_the_application_knows_by_springs_type_run_as_checks() {
        try (CapturedLog log = new CapturedLog()) {
            Contexts.patient().withUserConfiguration(Untyped.class).run(context -> {
                assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.UP);
                assertThat(context.getBean(HealthCheckRegistry.class).names()).contains("mine", "mineToo");
            });
            assertThat(warnings(log)).isEmpty();
        }
    }

    private static List<String> warnings(CapturedLog log) {
        return log.lines(Level.WARN).stream()
                .map(line -> line.getFormattedMessage())
                .filter(text -> text.contains("The bean"))
                .toList();
    }

    static final class Mine extends DefaultHealthContributorRegistry {
        Mine() {
            registerContributor("mine", new Switch());
        }
    }

    static final class MineToo extends DefaultReactiveHealthContributorRegistry {
        MineToo() {
            ReactiveHealthIndicator up = () -> Mono.just(new Switch().health());
            registerContributor("mineToo", up);
        }
    }

    /** Gets both by their own types. */
    record User(Mine one, MineToo two) {}

    @Configuration(proxyBeanMethods = false)
    static class Typed {
        @Bean
        Mine healthContributorRegistry() {
            return new Mine();
        }

        @Bean
        MineToo reactiveHealthContributorRegistry() {
            return new MineToo();
        }

        @Bean
        User user(Mine one, MineToo two) {
            return new User(one, two);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Untyped {
        @Bean
        HealthContributorRegistry healthContributorRegistry() {
            return new Mine();
        }

        @Bean
        DefaultReactiveHealthContributorRegistry reactiveHealthContributorRegistry() {
            return new MineToo();
        }

        @Bean
        boolean used(
                HealthContributorRegistry one,
                ReactiveHealthContributorRegistry two,
                DefaultReactiveHealthContributorRegistry same) {
            return two == same && one != null;
        }
    }
}
