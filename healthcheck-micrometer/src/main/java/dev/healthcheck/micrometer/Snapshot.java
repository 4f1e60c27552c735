package dev.healthcheck.micrometer;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a health registry knows at one moment. Immutable. Taking it starts no run and waits for nobody. */
final class Snapshot {
    private final Map<String, CheckReport> checks = new HashMap<>();
    private final Map<String, HealthReport> probes = new HashMap<>();
    private final boolean stopping;

    private Snapshot(HealthReport all) {
        String reason = all.reason();
        boolean closed = "closed".equals(reason);
        stopping = closed || "draining".equals(reason);
        if (!closed) { // a closed registry still reports what its checks were, but it has none
            for (CheckReport check : all.checks()) {
                checks.put(check.name(), check);
            }
        }
        probes.put("overall", all);
    }

    static Snapshot of(HealthCheckRegistry health) {
        Snapshot snapshot = new Snapshot(health.latest());
        for (Probe probe : Probe.values()) {
            snapshot.probes.put(Labels.of(probe), health.latest(probe));
        }
        return snapshot;
    }

    /** Returns the reports of the checks by their names. */
    Map<String, CheckReport> checks() {
        return checks;
    }

    /** Returns the report for a probe, or the one for {@code overall}. */
    @Nullable
    HealthReport probe(String label) {
        return probes.get(label);
    }

    /** Returns whether the registry is draining or closed. */
    boolean isStopping() {
        return stopping;
    }
}
