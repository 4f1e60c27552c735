package dev.healthcheck.servlet;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form of the expired Internet-Draft <a
 * href="https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06">draft-inadarei-api-health-check-06</a>:
 * {@code pass}, {@code warn}, {@code fail}; a check is a component with its response time as the observed value.
 */
final class HealthJsonFormat implements HealthFormat {
    private final @Nullable String name;
    private final @Nullable String version;

    HealthJsonFormat(Map<String, String> service) {
        name = service.get("name");
        version = service.get("version");
    }

    @Override
    public String contentType() {
        return "application/health+json";
    }

    @Override
    public byte[] report(HealthReport report, boolean details) {
        return Json.object((json, body) -> {
                    json.writeStringField("status", word(report.status()));
                    JsonCheck.text(json, "releaseId", version);
                    JsonCheck.text(json, "description", name);
                    JsonCheck.text(json, "output", report.reason());
                    json.writeObjectFieldStart("checks");
                    for (CheckReport check : report.checks()) {
                        json.writeArrayFieldStart(check.name());
                        json.writeStartObject();
                        write(json, check, details);
                        json.writeEndObject();
                        json.writeEndArray();
                    }
                    json.writeEndObject();
                })
                .bytes();
    }

    @Override
    public byte[] check(CheckReport check, boolean details) {
        return Json.object((json, body) -> write(json, check, details)).bytes();
    }

    @Override
    public byte[] pending(Status status) {
        return Json.object((json, body) -> {
                    json.writeStringField("status", word(status));
                    json.writeStringField("output", "pending");
                })
                .bytes();
    }

    /** The draft has no other way to say it; {@code fail} goes with any status code of an error. */
    @Override
    public byte[] problem(String what) {
        return Json.object((json, body) -> {
                    json.writeStringField("status", word(Status.DOWN));
                    json.writeStringField("output", what);
                })
                .bytes();
    }

    private static void write(JsonGenerator json, CheckReport check, boolean details) throws IOException {
        json.writeStringField("componentId", check.name());
        json.writeStringField("componentType", "component");
        json.writeStringField("status", word(check.status()));
        JsonCheck.instant(json, "time", check.checkedAt());
        JsonCheck.millis(json, "observedValue", check.duration());
        json.writeStringField("observedUnit", "ms");
        if (check.status() != Status.UP) {
            String message = details ? check.message() : null;
            JsonCheck.text(json, "output", message == null ? check.reason() : message);
        }
    }

    private static String word(Status status) {
        return switch (status) {
            case UP -> "pass";
            case DEGRADED -> "warn";
            case DOWN -> "fail";
        };
    }
}
