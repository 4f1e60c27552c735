package dev.healthcheck.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/** Assertions about the fields {@code health.*} of a line of the log in JSON, and their types. */
final class HealthFields {
    private HealthFields() {}

    static void assertOutage(JsonNode line, String check) {
        assertChange(line, check);
        assertThat(textIn(line, "health.status")).isEqualTo("DOWN");
        assertThat(textIn(line, "health.from")).isIn("UP", "DEGRADED");
        assertThat(textIn(line, "health.reason")).isNotEmpty();
        assertThat(textIn(line, "health.ref")).isNotEmpty();
        assertThat(line.path("health.failures").intValue()).isPositive();
    }

    static void assertRecovery(JsonNode line, String check) {
        assertChange(line, check);
        assertThat(textIn(line, "health.status")).isEqualTo("UP");
        assertThat(textIn(line, "health.from")).isEqualTo("DOWN");
        assertThat(line.path("health.failures").intValue()).isZero();
    }

    private static void assertChange(JsonNode line, String check) {
        assertThat(textIn(line, "health.check")).isEqualTo(check);
        assertThat(line.path("health.duration_ms").isNumber()).as("%s", line).isTrue();
        assertThat(line.path("health.failures").isIntegralNumber())
                .as("%s", line)
                .isTrue();
    }

    private static String textIn(JsonNode line, String field) {
        assertThat(line.path(field).isTextual()).as("%s of %s", field, line).isTrue();
        return line.path(field).textValue();
    }
}
