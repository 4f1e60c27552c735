package dev.healthcheck.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckReport.PastRun;
import dev.healthcheck.StatusChange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the report of one check as members of a JSON object. */
final class JsonCheck {
    private JsonCheck() {}

    static void write(JsonGenerator json, CheckReport check, boolean details) throws IOException {
        json.writeStringField("status", check.status().name());
        writeBody(json, check, details);
    }

    /** Writes the same with the name of the check. The status stays first: many monitors look no further. */
    static void writeNamed(JsonGenerator json, CheckReport check, boolean details) throws IOException {
        json.writeStringField("status", check.status().name());
        json.writeStringField("name", check.name());
        writeBody(json, check, details);
    }

    private static void writeBody(JsonGenerator json, CheckReport check, boolean details) throws IOException {
        writePublic(json, check);
        if (details) {
            writeSensitive(json, check);
        }
    }

    /** Writes the same without the status, and of what is sensitive only texts, for shapes that hold no more. */
    static void writeAsData(JsonGenerator json, CheckReport check, boolean details) throws IOException {
        writePublic(json, check);
        if (details) {
            text(json, "message", check.message());
            text(json, "error", check.error());
        }
    }

    private static void writePublic(JsonGenerator json, CheckReport check) throws IOException {
        json.writeBooleanField("required", check.required());
        json.writeRaw(PublicPart.rest(check));
    }

    static void writeHistory(JsonGenerator json, CheckReport check, boolean details) throws IOException {
        json.writeArrayFieldStart("runs");
        for (PastRun run : check.runs()) {
            write(json, run);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("changes");
        for (StatusChange change : check.changes()) {
            write(json, change, details);
        }
        json.writeEndArray();
    }

    private static void writeSensitive(JsonGenerator json, CheckReport check) throws IOException {
        text(json, "message", check.message());
        if (!check.details().isEmpty()) {
            json.writeFieldName("details");
            new JsonValues(json).write(check.details());
        }
        text(json, "error", check.error());
        instant(json, "lastSuccess", check.lastSuccess());
        stack(json, check.stuckStack());
    }

    private static void write(JsonGenerator json, PastRun run) throws IOException {
        json.writeStartObject();
        instant(json, "at", run.at());
        json.writeStringField("status", run.status().name());
        millis(json, "durationMs", run.duration());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, StatusChange change, boolean details) throws IOException {
        json.writeStartObject();
        instant(json, "at", change.at());
        if (change.from() != null) {
            json.writeStringField("from", change.from().name());
        }
        json.writeStringField("to", change.to().name());
        text(json, "reason", change.reason());
        text(json, "ref", change.ref());
        if (details) {
            text(json, "message", change.message());
            text(json, "error", change.error());
        }
        json.writeEndObject();
    }

    private static void stack(JsonGenerator json, List<StackTraceElement> stack) throws IOException {
        if (stack.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("stack");
        for (StackTraceElement frame : Limits.frames(stack)) {
            json.writeString(JsonValues.wellFormed(frame.toString()));
        }
        json.writeEndArray();
    }

    static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, JsonValues.wellFormed(text));
        }
    }

    static void instant(JsonGenerator json, String name, @Nullable Instant instant) throws IOException {
        if (instant != null) {
            json.writeStringField(name, TimeText.text(instant));
        }
    }

    static void millis(JsonGenerator json, String name, Duration duration) throws IOException {
        json.writeFieldName(name);
        json.writeNumber(TimeText.of(duration));
    }
}
