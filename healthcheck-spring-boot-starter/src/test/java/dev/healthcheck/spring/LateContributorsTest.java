package dev.healthcheck.spring;

import static dev.healthcheck.spring.Contexts.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.healthcheck.testkit.CapturedLog;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import reactor.core.publisher.Mono;

/** Settings that nobody could refuse at the start must not fail an answer. */
@Tag("slow")
class LateContributorsTest {
    private static final String[] PATIENT = {"healthcheck.answer-within=30s", "healthcheck.defaults.timeout=30s"};

    @Test
    void a_late_child_whose_settings_are_refused_runs_without_them() {
        Children children = new Children();
        Contexts.actuator()
                .withPropertyValues(PATIENT)
                .withPropertyValues("healthcheck.checks.tenants.timeout=31s")
                .withBean("tenants", Children.class, () -> children)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Switch late = new Switch();
                    children.all.put("late", late);
                    try (CapturedLog log = new CapturedLog()) {
                        assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.UP);
                        late.says = Health.down().build();
                        endpoint(context).healthForPath("tenants");
                        endpoint(context).healthForPath("tenants", "late");

                        assertThat(log.lines(Level.WARN))
                                .extracting(line -> line.getFormattedMessage())
                                .filteredOn(text -> text.contains("settings"))
                                .containsExactly(
                                        "tenants/late runs without its settings: healthcheck.checks.tenants.late:"
                                                + " timeout: PT31S (expected: <= PT30S, or every(...))");
                    }
                });
    }

    @Test
    void a_contributor_that_is_registered_late_runs_without_settings_that_are_refused() {
        ReactiveHealthIndicator reactive = () -> Mono.just(Health.up().build());
        Contexts.actuator()
                .withPropertyValues(PATIENT)
                .withPropertyValues(
                        "healthcheck.validate-names=false",
                        "healthcheck.checks.late.timeout=31s",
                        "healthcheck.checks.reactive.probes=liveness")
                .run(context -> {
                    context.getBean(HealthContributorRegistry.class).registerContributor("late", new Switch());
                    context.getBean(ReactiveHealthContributorRegistry.class).registerContributor("reactive", reactive);

                    assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.UP);
                    assertThat(endpoint(context).healthForPath("late").getStatus())
                            .isEqualTo(Status.UP);
                    assertThat(endpoint(context).healthForPath("reactive").getStatus())
                            .isEqualTo(Status.UP);
                });
    }

    /** A composite that has no children at the start. */
    private static final class Children implements CompositeHealthContributor {
        final Map<String, HealthContributor> all = new ConcurrentHashMap<>();

        @Override
        public @Nullable HealthContributor getContributor(String name) {
            return all.get(name);
        }

        @Override
        public Stream<Entry> stream() {
            return all.entrySet().stream().map(child -> new Entry(child.getKey(), child.getValue()));
        }
    }
}
