package dev.healthcheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Simulates each policy and prints a table for the documentation. With a file of results of the driver, simulates the same
 * settings, prints both, and fails where they do not agree.
 */
final class FleetReport {
    private static final int MANY = 1000;
    private static final String ROW = "| %-17s | %-16s | %9s | %7s | %8s | %7s | %9s | %8s |%n";

    private FleetReport() {}

    public static void main(String... arguments) throws IOException {
        List<String> differences = new ArrayList<>();
        System.out.printf(ROW, "policy", "fleet", "requests", "served", "degraded", "failed", "recovery", "restarts");
        System.out.println("|---|---|---|---|---|---|---|---|");
        if (arguments.length == 0) {
            Arrays.stream(FleetPolicy.values()).map(FleetSettings::of).forEach(FleetReport::simulate);
        } else {
            for (String line : Files.readAllLines(Path.of(arguments[0]))) {
                FleetRun real = FleetRun.parse(line);
                print(real.settings(), "real", real.result());
                FleetResult simulated = simulate(real.settings());
                differences.addAll(FleetAgreement.differences(real, simulated));
            }
        }
        differences.forEach(System.out::println);
        if (!differences.isEmpty()) {
            System.exit(1);
        }
    }

    private static FleetResult simulate(FleetSettings settings) {
        FleetResult result = FleetSimulation.run(settings);
        print(settings, "simulated", result);
        FleetSettings many = settings.withInstances(MANY);
        print(many, "simulated", FleetSimulation.run(many));
        return result;
    }

    private static void print(FleetSettings settings, String kind, FleetResult result) {
        System.out.printf(
                ROW,
                settings.policy(),
                String.format(Locale.ROOT, "%,d %s", settings.instances(), kind),
                String.format(Locale.ROOT, "%,d", result.requests()),
                percent(result.served(), result),
                percent(result.degraded(), result),
                percent(result.failed(), result),
                seconds(result.recovery()),
                String.format(Locale.ROOT, "%,d", result.restarts()));
    }

    private static String percent(long part, FleetResult result) {
        return String.format(Locale.ROOT, "%.1f %%", result.percent(part));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
    }
}
