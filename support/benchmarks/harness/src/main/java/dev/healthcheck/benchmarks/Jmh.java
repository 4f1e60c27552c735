package dev.healthcheck.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs {@link Reports} with the class path of a contender. */
final class Jmh {
    private Jmh() {}

    /** Time and memory of one call. */
    record Cost(double nanos, double bytes) {}

    static Cost of(String method, String contender, int checks, Settings settings)
            throws IOException, InterruptedException {
        Path csv = Files.createTempFile("benchmark", ".csv");
        try {
            run(List.of(
                    "-cp",
                    ClassPaths.of(contender),
                    "-Djmh.ignoreLock=true",
                    "org.openjdk.jmh.Main",
                    Reports.class.getName() + "." + method + "$",
                    "-p",
                    "contender=" + contender,
                    "-p",
                    "checks=" + checks,
                    "-wi",
                    String.valueOf(settings.either(2, 4)),
                    "-i",
                    String.valueOf(settings.either(2, 4)),
                    "-prof",
                    "gc",
                    "-rf",
                    "csv",
                    "-rff",
                    csv.toString()));
            return new Cost(score(csv, method + "\""), score(csv, "gc.alloc.rate.norm\""));
        } finally {
            Files.delete(csv);
        }
    }

    private static void run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ServerProcess.JAVA));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("benchmark: failed: " + command);
        }
    }

    /** Of the line whose first field ends so. */
    private static double score(Path csv, String end) throws IOException {
        String[] fields = Files.readAllLines(csv).stream()
                .map(line -> line.split(","))
                .filter(line -> line[0].endsWith(end))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("benchmark: no line with " + end));
        return Double.parseDouble(Arrays.asList(fields).get(4));
    }
}
