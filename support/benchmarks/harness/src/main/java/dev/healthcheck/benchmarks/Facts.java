package dev.healthcheck.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.LongAdder;

/** The facts that a server knows about itself, by name. */
final class Facts {
    static final LongAdder RUNS = new LongAdder();
    static final LongAdder HANGING = new LongAdder();

    private Facts() {}

    static long named(String name) {
        return switch (name) {
            case "classes" -> ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount();
            case "threads" -> ManagementFactory.getThreadMXBean().getThreadCount();
            case "runs" -> RUNS.sum();
            case "hanging" -> HANGING.sum();
            case "wait-p99-us" -> Application.waitP99Micros();
            default -> throw new IllegalArgumentException("fact: " + name);
        };
    }
}
