package dev.healthcheck.benchmarks;

import java.time.Duration;
import java.util.List;

/** 64 probers ask as fast as they can, of a check that takes 20 ms and one of the ten permits of the application. */
final class Storm implements Scenario {
    private static final List<String> CONTENDERS = List.of(
            "healthcheck",
            "dropwizard",
            "dropwizard-executor",
            "dropwizard-async",
            "smallrye",
            "spring-boot",
            "spring-boot-cached");
    private static final int PROBERS = 64;

    @Override
    public String name() {
        return "storm";
    }

    @Override
    public void measure(Settings settings, Results results) {
        int seconds = settings.either(3, 5);
        for (String contender : CONTENDERS) {
            try (ServerProcess server = ServerProcess.start(contender, Workload.POOLED)) {
                Load.warmUp(server, PROBERS, settings.either(1000, 20_000), Duration.ofSeconds(10));
                server.fact("wait-p99-us"); // forgets the waits so far
                long runs = server.fact("runs");
                long answers = Load.answers(server.port(), server.path(), PROBERS, Duration.ofSeconds(seconds));
                results.add(this, contender, "runs per second", (server.fact("runs") - runs) / (double) seconds);
                results.add(this, contender, "ms that the application waits, p99", server.fact("wait-p99-us") / 1e3);
                results.add(this, contender, "answers per second", answers / (double) seconds);
            }
        }
    }
}
