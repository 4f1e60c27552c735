package dev.healthcheck.benchmarks.starter;

import dev.healthcheck.benchmarks.springboot.SpringBoot;

/** The application of {@link SpringBoot} with the starter on its class path, and nothing else changed. */
public final class Starter extends SpringBoot {
    /** Asked to by the service loader. */
    public Starter() {
        super("starter", "0ms");
    }
}
