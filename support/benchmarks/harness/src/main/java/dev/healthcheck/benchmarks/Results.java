package dev.healthcheck.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The results of all measurements, in order. */
final class Results {
    private final List<Measurement> all = new ArrayList<>();

    /**
     * One number.
     *
     * @param metric with its unit, as a heading
     * @param rounds the values of each round
     */
    record Measurement(String scenario, String contender, String metric, List<Double> rounds) {
        double median() {
            double[] sorted =
                    rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }

        String text() {
            return Results.text(median());
        }
    }

    void add(Scenario scenario, String contender, String metric, double... rounds) {
        Measurement measurement = new Measurement(
                scenario.name(),
                contender,
                metric,
                Arrays.stream(rounds).boxed().toList());
        all.add(measurement);
        System.out.printf("%s: %s: %s: %s%n", scenario.name(), contender, metric, measurement.text());
    }

    List<Measurement> of(Scenario scenario) {
        return all.stream().filter(m -> m.scenario().equals(scenario.name())).toList();
    }

    String csv() {
        StringBuilder csv = new StringBuilder("scenario,contender,metric,median,rounds\n");
        for (Measurement m : all) {
            csv.append(m.scenario()).append(',').append(m.contender()).append(",\"");
            csv.append(m.metric()).append("\",").append(m.median()).append(",\"");
            csv.append(String.join(" ", m.rounds().stream().map(String::valueOf).toList()));
            csv.append("\"\n");
        }
        return csv.toString();
    }

    String json() {
        return all.stream().map(Results::json).collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
    }

    /** Of words of ours and numbers, so that nothing has to be escaped. */
    private static String json(Measurement m) {
        return String.format(
                Locale.ROOT,
                "{\"scenario\": \"%s\", \"contender\": \"%s\", \"metric\": \"%s\", \"median\": %s, \"rounds\": %s}",
                m.scenario(),
                m.contender(),
                m.metric(),
                m.median(),
                m.rounds());
    }

    /** Three digits, or all those before the point. */
    static String text(double value) {
        double size = Math.abs(value);
        String format = size >= 100 || value == Math.rint(value) ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
