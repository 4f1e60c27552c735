package dev.healthcheck.servlet;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** See {@link HealthFormat#microProfile()}. */
final class MicroProfileFormat implements HealthFormat {

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public byte[] report(HealthReport report, boolean details) {
        return answer(report.status(), json -> {
            for (CheckReport check : report.checks()) {
                write(json, check, details);
            }
        });
    }

    @Override
    public byte[] check(CheckReport check, boolean details) {
        return answer(check.status(), json -> write(json, check, details));
    }

    @Override
    public byte[] pending(Status status) {
        return answer(status, json -> {});
    }

    @Override
    public byte[] problem(String what) {
        return answer(Status.DOWN, json -> {});
    }

    private static byte[] answer(Status status, Checks checks) {
        return Json.object((json, body) -> {
                    json.writeStringField("status", word(status));
                    json.writeArrayFieldStart("checks");
                    checks.write(json);
                    json.writeEndArray();
                })
                .bytes();
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

    @FunctionalInterface
    private interface Checks {
        void write(JsonGenerator json) throws IOException;
    }
}
