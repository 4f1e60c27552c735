package dev.healthcheck.servlet;

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
    public HttpAnswer answer(HealthReport known, HealthFormat format, boolean details) {
        return HttpAnswer.of(known.status(), format, format.report(known, details));
    }

    @Override
    public HttpAnswer pending(HealthFormat format) {
        // as in the registry: missing evidence must not restart the process
        Status status = probe == Probe.LIVENESS ? Status.UP : Status.DOWN;
        return HttpAnswer.of(status, format, format.pending(status));
    }
}
