package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Patience;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class TranslationTest {
    private final HealthCheckRegistry registry = Patience.builder().build();
    private final Translation translation =
            new Translation(() -> status -> status.getCode().equals("FATAL") ? 500 : 200, "DEGRADED");
    private final AtomicReference<@Nullable Health> said = new AtomicReference<>();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void a_healthy_indicator_gets_its_own_object_back() {
        Health up = Health.up().withDetail("pojo", new Object()).build();

        assertThat(shown(up)).isSameAs(up);
        assertThat(report().status()).isEqualTo(dev.healthcheck.Status.UP);
    }

    @Test
    void a_caller_without_the_right_to_details_gets_the_status() {
        Health shown = shown(Health.up().withDetail("secret", 1).build(), false);

        assertThat(shown).isEqualTo(Health.up().build());
    }

    @Test
    void UNKNOWN_stays_what_it_is_and_harms_nobody() {
        Health unknown = Health.unknown().withDetail("a", 1).build();

        assertThat(shown(unknown)).isSameAs(unknown);
        assertThat(report())
                .returns("unknown", CheckReport::reason)
                .returns(dev.healthcheck.Status.UP, CheckReport::status);
    }

    @Test
    void null_stays_null() {
        assertThat(shown(null)).isNull();
        assertThat(report().reason()).isEqualTo("no-answer");
    }

    @Test
    void DOWN_keeps_its_details_and_gets_one_more() {
        Object pojo = new Object();

        Health shown = shown(Health.down(new IllegalStateException("no route"))
                .withDetail("pojo", pojo)
                .build());

        assertThat(shown.getStatus()).isEqualTo(Status.DOWN);
        assertThat(shown.getDetails()).containsOnlyKeys("error", "pojo", "healthcheck");
        assertThat(shown.getDetails().get("pojo")).isSameAs(pojo);
        assertThat(block(shown)).containsKeys("ref", "since").containsEntry("consecutiveFailures", 1);
        assertThat(report())
                .returns(dev.healthcheck.Status.DOWN, CheckReport::status)
                .returns("java.lang.IllegalStateException: no route", CheckReport::message);
    }

    @Test
    void words_that_are_failures_are_shown_as_they_are() {
        Status word = new Status("FATAL", "the core is gone");

        Health shown = shown(Health.status(word).build());

        assertThat(shown.getStatus()).isSameAs(word);
        assertThat(block(shown)).containsEntry("reason", "fatal");
        assertThat(report())
                .returns(dev.healthcheck.Status.DOWN, CheckReport::status)
                .returns("the core is gone", CheckReport::message);
        assertThat(shown(Health.outOfService().build()).getStatus()).isSameAs(Status.OUT_OF_SERVICE);
        assertThat(report().reason()).isEqualTo("out-of-service");
    }

    @Test
    void other_words_are_degraded_and_shown_as_they_are() {
        Health shown = shown(Health.status("HALF_OPEN!").build());

        assertThat(shown.getStatus().getCode()).isEqualTo("HALF_OPEN!");
        assertThat(report())
                .returns(dev.healthcheck.Status.DEGRADED, CheckReport::status)
                .returns("half-open", CheckReport::reason);
        assertThat(shown(Health.status("!").build()).getStatus().getCode()).isEqualTo("!");
        assertThat(report().reason()).isEqualTo("custom-status");
    }

    @Test
    void a_failure_that_is_not_required_is_degraded() {
        Health shown = shown(Health.down().build(), CheckOptions::optional);

        assertThat(shown.getStatus().getCode()).isEqualTo("DEGRADED");
    }

    @Test
    void what_the_registry_finds_out_is_shown_with_the_last_details() {
        said.set(Health.down().build());
        var registration = registry.register("x", check(), o -> o.successThreshold(2));
        registration.runNow();
        said.set(Health.up().withDetail("version", 3).build());

        Health shown = translation.healthOf(registration.runNow(), true);

        assertThat(shown.getStatus()).isEqualTo(Status.DOWN);
        assertThat(shown.getDetails()).containsEntry("version", 3);
        assertThat(block(shown)).containsEntry("reason", "recovering");
    }

    @Test
    void an_indicator_that_throws_is_DOWN_and_says_why() {
        var registration = registry.register("x", () -> {
            throw new IllegalStateException("no route");
        });

        Health shown = translation.healthOf(registration.runNow(), true);

        assertThat(shown.getStatus()).isEqualTo(Status.DOWN);
        assertThat(block(shown))
                .containsEntry("reason", "threw")
                .containsEntry("message", "java.lang.IllegalStateException: no route");
    }

    @Test
    void a_failure_below_the_threshold_says_so() {
        said.set(Health.up().build());
        var registration = registry.register("x", check(), o -> o.failureThreshold(2));
        registration.runNow();
        said.set(Health.down().build());

        Health shown = translation.healthOf(registration.runNow(), true);

        assertThat(shown.getStatus()).isEqualTo(Status.UP);
        assertThat(block(shown)).containsEntry("consecutiveFailures", 1);
    }

    @Test
    void a_check_that_is_no_indicator_is_shown_with_its_details() {
        registry.register(
                "x",
                () -> CheckResult.degraded("nearly full").withReason("memory").withDetail("used", List.of(1)));

        Health shown = translation.healthOf(registry.check("x").orElseThrow(), true);

        assertThat(shown.getStatus().getCode()).isEqualTo("DEGRADED");
        assertThat(shown.getDetails()).containsEntry("used", List.of(1));
        assertThat(block(shown)).containsEntry("reason", "memory").containsEntry("message", "nearly full");
    }

    private HealthCheck check() {
        return () -> translation.resultOf(said.get());
    }

    private @Nullable Health shown(@Nullable Health health) {
        return shown(health, true);
    }

    private @Nullable Health shown(@Nullable Health health, boolean details) {
        return shown(health, details, o -> o);
    }

    private @Nullable Health shown(@Nullable Health health, UnaryOperator<CheckOptions> options) {
        return shown(health, true, options);
    }

    /** Registers and asks a check whose indicator says {@code health}. */
    private @Nullable Health shown(@Nullable Health health, boolean details, UnaryOperator<CheckOptions> options) {
        said.set(health);
        return translation.healthOf(
                registry.register("x" + registry.names().size(), check(), options)
                        .runNow(),
                details);
    }

    private CheckReport report() {
        return registry.check().checks().get(registry.names().size() - 1);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> block(Health shown) {
        return (Map<String, Object>) shown.getDetails().get("healthcheck");
    }
}
