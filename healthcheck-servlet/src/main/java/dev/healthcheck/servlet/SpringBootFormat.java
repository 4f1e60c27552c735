package dev.healthcheck.servlet;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** See {@link HealthFormat#springBoot()}. */
final class SpringBootFormat implements HealthFormat {

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public byte[] report(HealthReport report, boolean details) {
        return Json.object((json, body) -> {
                    json.writeStringField("status", word(report.status(), report.reason()));
                    json.writeObjectFieldStart("components");
                    for (CheckReport check : report.checks()) {
                        json.writeObjectFieldStart(check.name());
                        write(json, check, details);
                        json.writeEndObject();
                    }
                    json.writeEndObject();
                    if (report.probe() == null) {
                        json.writeArrayFieldStart("groups");
                        json.writeString("liveness");
                        json.writeString("readiness");
                        json.writeEndArray();
                    }
                })
                .bytes();
    }

    @Override
    public byte[] check(CheckReport check, boolean details) {
        return Json.object((json, body) -> write(json, check, details)).bytes();
    }

    @Override
    public byte[] pending(Status status) {
        return Json.object((json, body) -> json.writeStringField("status", word(status, null)))
                .bytes();
    }

    @Override
    public byte[] problem(String what) {
        return Json.object((json, body) -> json.writeStringField("error", what)).bytes();
    }

    private static void write(JsonGenerator json, CheckReport check, boolean details) throws IOException {
        json.writeStringField("status", word(check.status(), null));
        json.writeObjectFieldStart("details");
        if (check.status() == Status.DEGRADED) {
            json.writeBooleanField("degraded", true);
        }
        JsonCheck.writeAsData(json, check, details);
        if (details && !check.details().isEmpty()) {
            json.writeFieldName("details");
            new JsonValues(json).write(check.details());
        }
        json.writeEndObject();
    }

    /** There a status that nobody knows is not UP, to most who look. */
    private static String word(Status status, @Nullable String reason) {
        if (status != Status.DOWN) {
            return "UP";
        }
        return "draining".equals(reason) ? "OUT_OF_SERVICE" : "DOWN";
    }
}
