package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckNamesTest {

    @Test
    void a_path_has_dots() {
        assertThat(CheckNames.of("db/primary", Set.of())).isEqualTo("db.primary");
    }

    @Test
    void a_name_that_is_taken_has_a_number() {
        assertThat(CheckNames.of("a/b", Set.of("a.b", "a.b-2"))).isEqualTo("a.b-3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "live",
                "ready",
                "startup",
                "liveness",
                "Readiness",
                "started",
                "livez",
                "readyz",
                "startupz",
                "HEALTHZ",
                "com.acme.Odd#0",
                "_private",
                "über",
                "a/very/long/path/a/very/long/path/a/very/long/path/a/very/long/path/a/very/long/path"
            })
    void the_registry_accepts_the_name_of_any_path_twice(String path) {
        try (HealthCheckRegistry registry = HealthCheckRegistry.create()) {
            registry.register(CheckNames.of(path, Set.of()), CheckResult::up);
            registry.register(CheckNames.of(path, new HashSet<>(registry.names())), CheckResult::up);

            assertThat(registry.names()).hasSize(2);
        }
    }
}
