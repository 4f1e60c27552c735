package dev.healthcheck.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Measures what a contender adds to the bare server: jars, classes, time until the first answer. */
final class Footprint implements Scenario {
    private static final List<String> CONTENDERS =
            List.of("healthcheck", "dropwizard", "dropwizard-executor", "smallrye", "spring-boot");

    @Override
    public String name() {
        return "footprint";
    }

    @Override
    public void measure(Settings settings, Results results) throws IOException {
        Rounds<Start> starts = new Rounds<>();
        for (int i = 0; i < settings.either(3, 15); i++) {
            starts.add(ServerProcess.BARE, Start.of(ServerProcess.BARE));
            for (String contender : CONTENDERS) {
                starts.add(contender, Start.of(contender));
            }
        }
        for (String contender : CONTENDERS) {
            results.add(this, contender, "ms more until the first 200", more(starts, contender, Start::millis));
            results.add(this, contender, "more classes", more(starts, contender, Start::classes));
            Set<Path> jars = jars(contender);
            results.add(this, contender, "more jars", jars.size());
            results.add(this, contender, "kB of them", kilobytes(jars));
        }
        double[] bare = starts.values(ServerProcess.BARE, Start::millis);
        results.add(this, ServerProcess.BARE, "ms until the first 200", bare);
    }

    record Start(double millis, double classes) {
        static Start of(String contender) {
            long begun = System.nanoTime();
            try (ServerProcess server = ServerProcess.start(contender, Workload.HEALTHY)) {
                Prober.Answer answer = Prober.ask(server.uri(server.path()));
                double millis = (System.nanoTime() - begun) / 1e6;
                if (answer.status() != 200) {
                    throw new IllegalStateException(contender + ": " + answer + " (expected: 200)");
                }
                return new Start(millis, server.fact("classes"));
            }
        }
    }

    /** Than the bare server that was started in the same turn. */
    private static double[] more(Rounds<Start> starts, String contender, ToDoubleFunction<Start> value) {
        double[] all = starts.values(contender, value);
        double[] bare = starts.values(ServerProcess.BARE, value);
        Arrays.setAll(all, i -> all[i] - bare[i]);
        return all;
    }

    private static Set<Path> jars(String contender) {
        Set<Path> jars = new HashSet<>(ClassPaths.jars(contender));
        jars.removeAll(ClassPaths.jars(ServerProcess.BARE));
        jars.removeIf(jar -> jar.getFileName().toString().startsWith("healthcheck-benchmarks"));
        return jars;
    }

    private static double kilobytes(Set<Path> jars) throws IOException {
        long bytes = 0;
        for (Path jar : jars) {
            bytes += Files.size(jar);
        }
        return bytes / 1000.0;
    }
}
