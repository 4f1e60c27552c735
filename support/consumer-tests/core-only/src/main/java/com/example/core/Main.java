package com.example.core;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import dev.healthcheck.checks.JvmChecks;
import java.time.Duration;

/** A failure is reported, and logged to whatever there is. Has time, for a busy machine is no reason to fail. */
final class Main {
    private Main() {}

    public static void main(String[] args) {
        try (HealthCheckRegistry health = HealthCheckRegistry.builder()
                .answerWithin(Duration.ofSeconds(30))
                .defaults(o -> o.timeout(Duration.ofSeconds(20)))
                .build()) {
            health.register("deadlock", JvmChecks.deadlock());
            health.register("printer", () -> CheckResult.down(new IllegalStateException("paper jam")));

            HealthReport report = health.check();

            if (report.status() != Status.DOWN || report.checks().get(0).status() != Status.UP) {
                throw new AssertionError(report);
            }
            System.out.println(report.status());
        }
    }
}
