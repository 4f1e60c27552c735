package dev.healthcheck.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** See {@link HealthFormat#springBoot()}. */
final class SpringBootShape implements JsonShape {
    static final String CONTENT_TYPE = "application/vnd.spring-boot.actuator.v3+json";

    /** Actuator's component for the same purpose. */
    private static final String STATE = "readinessState";

    @Override
    public void report(JsonGenerator json, HealthReport report, boolean details) throws IOException {
        json.writeStringField("status", word(report.status(), report.reason()));
        json.writeObjectFieldStart("components");
        for (CheckReport check : report.checks()) {
            json.writeObjectFieldStart(check.name());
            check(json, check, details);
            json.writeEndObject();
        }
        state(json, report);
        json.writeEndObject();
        if (report.probe() == null) {
            json.writeArrayFieldStart("groups");
            json.writeString("liveness");
            json.writeString("readiness");
            json.writeEndArray();
        }
    }

    /** Says why the whole is DOWN though its components may be UP. */
    private static void state(JsonGenerator json, HealthReport report) throws IOException {
        String reason = report.reason();
        if (reason == null
                || report.checks().stream().anyMatch(check -> check.name().equals(STATE))) {
            return;
        }
        json.writeObjectFieldStart(STATE);
        json.writeStringField("status", word(report.status(), reason));
        json.writeObjectFieldStart("details");
        json.writeStringField("reason", reason);
        json.writeEndObject();
        json.writeEndObject();
    }

    @Override
    public void check(JsonGenerator json, CheckReport check, boolean details) throws IOException {
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

    @Override
    public void pending(JsonGenerator json, Status status) throws IOException {
        json.writeStringField("status", word(status, null));
    }

    @Override
    public void problem(JsonGenerator json, String what) throws IOException {
        json.writeStringField("error", what);
    }

    /** DEGRADED is UP, because most readers of this shape take an unknown status for not UP. */
    private static String word(Status status, @Nullable String reason) {
        if (status != Status.DOWN) {
            return "UP";
        }
        return "draining".equals(reason) ? "OUT_OF_SERVICE" : "DOWN";
    }
}
