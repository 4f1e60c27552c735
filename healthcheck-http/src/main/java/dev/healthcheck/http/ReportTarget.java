package dev.healthcheck.http;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The checks of a probe.
 *
 * @param probe null for all checks
 */
record ReportTarget(@Nullable Probe probe) implements ProbeTarget<HealthReport> {

    @Override
    public CompletableFuture<HealthReport> ask(HealthCheckRegistry registry) {
        return probe == null ? registry.checkAsync() : registry.checkAsync(probe);
    }

    @Override
    public HealthReport await(HealthCheckRegistry registry) {
        return probe == null ? registry.check() : registry.check(probe);
    }

    @Override
    public int code(HealthReport known) {
        return ProbeTarget.code(known.status());
    }

    @Override
    public byte[] body(HealthReport known, HealthFormat format, boolean details) {
        return format.report(known, details);
    }

    /** As in the registry: missing evidence must not restart the process. */
    @Override
    public Status pending() {
        return probe == Probe.LIVENESS ? Status.UP : Status.DOWN;
    }

    @Override
    public HealthReport report(HealthReport known) {
        return known;
    }
}
