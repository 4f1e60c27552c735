package dev.healthcheck.examples.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tries all policies at the same time, and prints what users got. */
final class Main {
    private static final String USAGE = """
            examples/fleet/run [--instances 3] [--outage 30] [--work DIRECTORY]

            For each policy: starts PostgreSQL, instances and HAProxy; sends requests for 20 s and the outage; stops the
            database for so many seconds, and restarts a third of the instances meanwhile. DIRECTORY keeps the logs, and
            the results for support/fleet/run. Default: a new directory.
            """;

    private Main() {}

    public static void main(String... arguments) throws Exception {
        int instances = 3;
        Duration outage = Duration.ofSeconds(30);
        Path work = null;
        for (Iterator<String> words = List.of(arguments).iterator(); words.hasNext(); ) {
            String option = words.next();
            String value = words.hasNext() ? words.next() : "";
            switch (option) {
                case "--instances" -> instances = Integer.parseInt(value);
                case "--outage" -> outage = Duration.ofSeconds(Long.parseLong(value));
                case "--work" -> work = Path.of(value);
                default -> {
                    System.out.print(USAGE);
                    System.exit(option.equals("--help") ? 0 : 2);
                }
            }
        }
        run(work, Settings.of(instances, outage));
        System.exit(0); // whatever threads a library has left
    }

    private static void run(@Nullable Path given, Settings settings) throws Exception {
        Path work = given == null ? Files.createTempDirectory("healthcheck-fleet-") : Files.createDirectories(given);
        Path postgres = Files.createTempDirectory("healthcheck-fleet-postgres-");
        try {
            List<Result> results = tryAll(work, postgres, settings);
            Files.write(
                    work.resolve("results"), results.stream().map(Result::words).toList());
            System.out.print(Result.header());
            results.forEach(result -> System.out.print(result.row()));
            System.out.println("Logs and results: " + work);
        } finally {
            delete(postgres);
        }
    }

    private static List<Result> tryAll(Path work, Path postgres, Settings settings) throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        List<Future<Result>> trials = new ArrayList<>();
        for (Policy policy : Policy.values()) {
            trials.add(pool.submit(() -> {
                try (Trial trial = new Trial(work, postgres, policy, settings)) {
                    return trial.run();
                }
            }));
        }
        pool.shutdown();
        List<Result> results = new ArrayList<>();
        for (Future<Result> trial : trials) {
            results.add(trial.get());
        }
        return results;
    }

    /** Ignores files that vanish meanwhile: a server may still be ending. */
    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (UncheckedIOException e) {
            System.err.println("not deleted: " + directory + ": " + e);
        }
    }
}
