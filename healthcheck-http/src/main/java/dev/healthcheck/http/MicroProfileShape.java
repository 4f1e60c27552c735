package dev.healthcheck.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import java.io.IOException;
import java.util.Set;

/** See {@link HealthFormat#microProfile()}. */
final class MicroProfileShape implements JsonShape {

    /** The names of the library's own data. */
    private static final Set<String> TAKEN = Set.of(
            "degraded",
            "required",
            "reason",
            "durationMs",
            "checkedAt",
            "since",
            "consecutiveFailures",
            "ref",
            "runningForMs",
            "message",
            "error");

    @Override
    public void report(JsonGenerator json, HealthReport report, boolean details) throws IOException {
        json.writeStringField("status", word(report.status()));
        json.writeArrayFieldStart("checks");
        for (CheckReport check : report.checks()) {
            procedure(json, check, details);
        }
        if (report.reason() != null) {
            procedure(json, report.reason(), report.status());
        }
        json.writeEndArray();
    }

    @Override
    public void check(JsonGenerator json, CheckReport check, boolean details) throws IOException {
        json.writeStringField("status", word(check.status()));
        json.writeArrayFieldStart("checks");
        procedure(json, check, details);
        json.writeEndArray();
    }

    @Override
    public void pending(JsonGenerator json, Status status) throws IOException {
        only(json, "pending", status);
    }

    @Override
    public void problem(JsonGenerator json, String what) throws IOException {
        only(json, what, Status.DOWN);
    }

    private static void only(JsonGenerator json, String name, Status status) throws IOException {
        json.writeStringField("status", word(status));
        json.writeArrayFieldStart("checks");
        procedure(json, name, status);
        json.writeEndArray();
    }

    /** MicroProfile has no place for a text that belongs to no check, so the text is the name of one. */
    private static void procedure(JsonGenerator json, String name, Status status) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("status", word(status));
        json.writeEndObject();
    }

    private static void procedure(JsonGenerator json, CheckReport check, boolean details) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", check.name());
        json.writeStringField("status", word(check.status()));
        json.writeObjectFieldStart("data");
        if (check.status() == Status.DEGRADED) {
            json.writeBooleanField("degraded", true);
        }
        JsonCheck.writeAsData(json, check, details);
        if (details) {
            new JsonValues(json).writeFlat(check.details(), TAKEN);
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String word(Status status) {
        return status == Status.DOWN ? "DOWN" : "UP";
    }
}
