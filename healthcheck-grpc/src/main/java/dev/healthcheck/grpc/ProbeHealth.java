package dev.healthcheck.grpc;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The health of a probe, or of all checks. */
final class ProbeHealth implements ServiceHealth {
    private final HealthCheckRegistry registry;
    /** Null for all checks. */
    private final @Nullable Probe probe;

    ProbeHealth(HealthCheckRegistry registry, @Nullable Probe probe) {
        this.registry = registry;
        this.probe = probe;
    }

    @Override
    public CompletableFuture<ServingStatus> ask() {
        return (probe == null ? registry.checkAsync() : registry.checkAsync(probe)).thenApply(ProbeHealth::statusOf);
    }

    @Override
    public ServingStatus latest() {
        return statusOf(probe == null ? registry.latest() : registry.latest(probe));
    }

    /** Missing evidence must not restart an instance. */
    @Override
    public ServingStatus pending() {
        return probe == Probe.LIVENESS ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    private static ServingStatus statusOf(HealthReport report) {
        return report.status() == Status.DOWN ? ServingStatus.NOT_SERVING : ServingStatus.SERVING;
    }
}
