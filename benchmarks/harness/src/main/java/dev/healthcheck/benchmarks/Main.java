package dev.healthcheck.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Measures, and writes what it found: see benchmarks/run. */
final class Main {
    private static final String QUICK = "--quick";
    private static final Path HOME = Path.of(System.getProperty("benchmarks.home", "benchmarks"));
    private static final List<Scenario> SCENARIOS = List.of(
            new HealthyHttp(),
            InProcess.fresh(),
            InProcess.run(),
            new SlowChecks(),
            new HangingCheck(),
            new Storm(),
            new ManyChecks(),
            new Footprint());

    private Main() {}

    /**
     * Measures.
     *
     * @param args names of scenarios, all if there are none; {@code --quick}
     */
    public static void main(String[] args) throws Exception {
        Set<String> words = Set.of(args);
        Settings settings = new Settings(words.contains(QUICK));
        List<Scenario> chosen =
                chosen(words.stream().filter(word -> !word.equals(QUICK)).toList());
        Results results = new Results();
        Page page = new Page(HOME.resolveSibling("docs").resolve("benchmarks.md"));
        for (Scenario scenario : chosen) {
            String circumstances = circumstances(settings);
            scenario.measure(settings, results);
            page.write(scenario, results, circumstances);
            write(results);
        }
        System.exit(0); // the client's threads go on otherwise
    }

    private static List<Scenario> chosen(List<String> names) {
        List<Scenario> chosen = SCENARIOS.stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .toList();
        if (chosen.size() < names.size()) {
            List<String> known = SCENARIOS.stream().map(Scenario::name).toList();
            throw new IllegalArgumentException("scenarios: " + names + " (expected: of " + known + ")");
        }
        return chosen;
    }

    private static void write(Results results) throws IOException {
        Path target = Files.createDirectories(HOME.resolve("target"));
        Files.writeString(target.resolve("results.csv"), results.csv());
        Files.writeString(target.resolve("results.json"), results.json());
    }

    /** What one has to know before one believes a number. */
    private static String circumstances(Settings settings) {
        int cores = Runtime.getRuntime().availableProcessors();
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        String busy = load < cores / 2.0 ? "" : ", **on a machine that had other things to do**: trust only ratios";
        return String.format(
                Locale.ROOT,
                "Taken %s with JDK %s on %d cores (%s); load average before: %.1f%s.",
                settings.quick() ? "in a hurry (`--quick`)" : "thoroughly",
                Runtime.version().feature(),
                cores,
                System.getProperty("os.arch"),
                load,
                busy);
    }
}
