package dev.healthcheck.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import java.io.IOException;

/** Writes the members of the JSON object that another system would answer with. See {@link HealthFormat}. */
interface JsonShape {
    void report(JsonGenerator json, HealthReport report, boolean details) throws IOException;

    void check(JsonGenerator json, CheckReport check, boolean details) throws IOException;

    void pending(JsonGenerator json, Status status) throws IOException;

    void problem(JsonGenerator json, String what) throws IOException;
}
