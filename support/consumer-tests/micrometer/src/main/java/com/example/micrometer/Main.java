package com.example.micrometer;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.micrometer.HealthMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Binds the meters of one check, and reads one of them. */
final class Main {
    private Main() {}

    public static void main(String[] args) {
        try (HealthCheckRegistry health = HealthCheckRegistry.create();
                HealthMetrics metrics = new HealthMetrics(health)) {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            health.register("db", () -> CheckResult.down("gone").withReason("unreachable"));
            health.check();

            metrics.bindTo(meters);

            double down = meters.get("health.check.status")
                    .tags("check", "db", "status", "down")
                    .gauge()
                    .value();
            if (down != 1) {
                throw new AssertionError(down);
            }
            System.out.println("health.check.status of db, down: " + down);
        }
    }
}
