package dev.healthcheck.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** See {@link HealthFormat#microProfile()}. */
final class MicroProfileShape implements JsonShape {

    @Override
    public void report(JsonGenerator json, HealthReport report, boolean details) throws IOException {
        write(json, report.status(), report.checks(), details);
    }

    @Override
    public void check(JsonGenerator json, CheckReport check, boolean details) throws IOException {
        write(json, check.status(), List.of(check), details);
    }

    @Override
    public void pending(JsonGenerator json, Status status) throws IOException {
        write(json, status, List.of(), false);
    }

    /** MicroProfile has no place for a text that belongs to no check. */
    @Override
    public void problem(JsonGenerator json, String what) throws IOException {
        write(json, Status.DOWN, List.of(), false);
    }

    private static void write(JsonGenerator json, Status status, List<CheckReport> checks, boolean details)
            throws IOException {
        json.writeStringField("status", word(status));
        json.writeArrayFieldStart("checks");
        for (CheckReport check : checks) {
            write(json, check, details);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, CheckReport check, boolean details) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", check.name());
        json.writeStringField("status", word(check.status()));
        json.writeObjectFieldStart("data");
        if (check.status() == Status.DEGRADED) {
            json.writeBooleanField("degraded", true);
        }
        JsonCheck.writeAsData(json, check, details);
        if (details) {
            for (Map.Entry<String, @Nullable Object> detail : check.details().entrySet()) {
                JsonCheck.text(json, "details." + detail.getKey(), String.valueOf(detail.getValue()));
            }
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String word(Status status) {
        return status == Status.DOWN ? "DOWN" : "UP";
    }
}
