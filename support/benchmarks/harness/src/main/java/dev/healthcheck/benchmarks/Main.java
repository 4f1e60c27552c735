package dev.healthcheck.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Measures, and writes what it found: see support/benchmarks/run. */
final class Main {
    private static final String QUICK = "--quick";
    private static final Duration IDLE = Duration.ofSeconds(3);
    private static final Path HOME = Path.of(System.getProperty("benchmarks.home", "support/benchmarks"));
    private static final List<Scenario> SCENARIOS = List.of(
            HealthyHttp.servlets(),
            HealthyHttp.port(),
            InProcess.fresh(),
            InProcess.run(),
            new SlowChecks(),
            new HangingCheck(),
            new Storm(),
            new ManyChecks(),
            new Footprint(),
            new UnderSpring());

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
        Page page = new Page(HOME.resolve("../../docs").resolve("benchmarks.md"));
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

    /** Describes the machine: nobody should believe a number without it. */
    private static String circumstances(Settings settings) throws InterruptedException {
        double busy = busy();
        return String.format(
                Locale.ROOT,
                "Taken %s with JDK %s on %d cores (%s), of whose time others used %.0f %% just before%s.",
                settings.quick() ? "in a hurry (`--quick`)" : "thoroughly",
                Runtime.version().feature(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.arch"),
                100 * busy,
                busy < 0.1 ? "" : "; **the machine had other things to do**: trust only ratios");
    }

    /** The share of the processors' time that goes elsewhere: for that, this process must do nothing for a while. */
    private static double busy() throws InterruptedException {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        double unused = system.getCpuLoad(); // each call tells of the time since the last
        Thread.sleep(IDLE.toMillis());
        return system.getCpuLoad();
    }
}
