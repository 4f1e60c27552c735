package dev.healthcheck.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shape of the expired Internet-Draft <a
 * href="https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06">draft-inadarei-api-health-check-06</a>:
 * {@code pass}, {@code warn}, {@code fail}. A check is a component; its observed value is its response time.
 */
final class HealthJsonShape implements JsonShape {
    static final String CONTENT_TYPE = "application/health+json";

    private final @Nullable String name;
    private final @Nullable String version;

    HealthJsonShape(Map<String, String> service) {
        name = service.get("name");
        version = service.get("version");
    }

    @Override
    public void report(JsonGenerator json, HealthReport report, boolean details) throws IOException {
        json.writeStringField("status", word(report.status()));
        JsonCheck.text(json, "releaseId", version);
        JsonCheck.text(json, "description", name);
        JsonCheck.text(json, "output", report.reason());
        json.writeObjectFieldStart("checks");
        for (CheckReport check : report.checks()) {
            json.writeArrayFieldStart(check.name());
            json.writeStartObject();
            check(json, check, details);
            json.writeEndObject();
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    @Override
    public void check(JsonGenerator json, CheckReport check, boolean details) throws IOException {
        json.writeStringField("status", word(check.status()));
        json.writeStringField("componentId", check.name());
        json.writeStringField("componentType", "component");
        JsonCheck.instant(json, "time", check.checkedAt());
        JsonCheck.millis(json, "observedValue", check.duration());
        json.writeStringField("observedUnit", "ms");
        if (check.status() != Status.UP) {
            String message = details ? check.message() : null;
            JsonCheck.text(json, "output", message == null ? check.reason() : message);
        }
    }

    @Override
    public void pending(JsonGenerator json, Status status) throws IOException {
        json.writeStringField("status", word(status));
        json.writeStringField("output", "pending");
    }

    /** The draft has no other word for it. It allows {@code fail} with any error status. */
    @Override
    public void problem(JsonGenerator json, String what) throws IOException {
        json.writeStringField("status", word(Status.DOWN));
        json.writeStringField("output", what);
    }

    private static String word(Status status) {
        return switch (status) {
            case UP -> "pass";
            case DEGRADED -> "warn";
            case DOWN -> "fail";
        };
    }
}
