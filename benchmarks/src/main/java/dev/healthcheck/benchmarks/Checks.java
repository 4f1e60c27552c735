package dev.healthcheck.benchmarks;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;

/** What the benchmarks share. */
final class Checks {
    private Checks() {}

    static void register(HealthCheckRegistry registry, int count, HealthCheck check) {
        for (int i = 0; i < count; i++) {
            registry.register("check-" + i, check);
        }
    }

    /** A benchmark of reports that are not what it believes would measure something else. */
    static void requireUp(HealthReport report) {
        if (report.status() != Status.UP) {
            throw new IllegalStateException("report: " + report.status() + " (expected: UP)");
        }
    }
}
