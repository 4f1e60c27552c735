package dev.healthcheck.grpc;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The health of a service that needs some checks. It gets no traffic while the whole instance must not have any, so it
 * follows the state of the registry as readiness does.
 */
final class ChecksHealth implements ServiceHealth {
    private final HealthCheckRegistry registry;
    private final DeferredLog log;
    private final String service;
    private final Set<String> checks;
    private final AtomicBoolean missingSaid = new AtomicBoolean();

    ChecksHealth(HealthCheckRegistry registry, DeferredLog log, String service, Set<String> checks) {
        this.registry = registry;
        this.log = log;
        this.service = service;
        this.checks = checks;
    }

    @Override
    public CompletableFuture<ServingStatus> ask() {
        return registry.checkAsync(checks).thenApply(reports -> {
            // before the look at the state: an answer that does not say so must not count as one about draining
            registry.asked(Probe.READINESS);
            return statusOf(reports);
        });
    }

    @Override
    public ServingStatus latest() {
        List<CheckReport> reports = new ArrayList<>(checks.size());
        for (String check : checks) {
            Optional<CheckReport> report = registry.latest(check);
            report.ifPresent(reports::add);
        }
        return statusOf(reports);
    }

    @Override
    public ServingStatus pending() {
        return ServingStatus.NOT_SERVING;
    }

    private ServingStatus statusOf(List<CheckReport> reports) {
        if (reports.size() < checks.size()) {
            sayMissing();
            return ServingStatus.SERVICE_UNKNOWN;
        }
        return registry.latest(Probe.READINESS).reason() != null
                        || reports.stream().anyMatch(ChecksHealth::isFatal)
                ? ServingStatus.NOT_SERVING
                : ServingStatus.SERVING;
    }

    private static boolean isFatal(CheckReport report) {
        return report.required() && report.status() == Status.DOWN;
    }

    private void sayMissing() {
        log.writeOnce(
                missingSaid,
                to -> to.warn("{} is unknown to clients until all its checks are registered: {}", service, checks));
    }
}
