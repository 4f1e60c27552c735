package dev.healthcheck.http;

import dev.healthcheck.HealthReport;
import java.util.Map;

/** Writes what the endpoint answers, without a server. In the endpoint's package, as the writer is package-private. */
public final class JsonOfReports {
    private final HealthFormat format = new JsonFormat(Map.of());

    /** For one registry. */
    public JsonOfReports() {}

    /**
     * As anybody may see it.
     *
     * @param report what is known
     * @return a body
     */
    public byte[] of(HealthReport report) {
        return format.report(report, false);
    }
}
