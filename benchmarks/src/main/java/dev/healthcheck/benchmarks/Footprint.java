package dev.healthcheck.benchmarks;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import java.time.Duration;

/** Prints how many bytes of heap a registered check holds, after its first run and with a full history. */
public final class Footprint {
    private static final int CHECKS = 10_000;
    private static final int FULL_HISTORY = 60;

    private Footprint() {}

    /**
     * Measures and prints.
     *
     * @param args none
     */
    public static void main(String[] args) {
        measure(1); // what is loaded once is no check's
        System.out.printf("after 1 run: %,d bytes a check%n", measure(1));
        System.out.printf("after %d runs: %,d bytes a check%n", FULL_HISTORY, measure(FULL_HISTORY));
    }

    private static long measure(int runs) {
        long before = usedHeap();
        try (var registry = registry()) {
            Checks.register(registry, CHECKS, CheckResult::up);
            for (int run = 0; run < runs; run++) {
                Checks.requireUp(registry.check(Probe.READINESS));
            }
            return (usedHeap() - before) / CHECKS;
        }
    }

    private static HealthCheckRegistry registry() {
        return HealthCheckRegistry.builder()
                .answerWithin(Duration.ofMinutes(1))
                .defaults(o -> o.cacheFor(Duration.ZERO).timeout(Duration.ofMinutes(1)))
                .build();
    }

    /** After so many collections that finalizers and references have been dealt with, too. */
    private static long usedHeap() {
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
