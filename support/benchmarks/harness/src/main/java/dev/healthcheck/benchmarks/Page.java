package dev.healthcheck.benchmarks;

import dev.healthcheck.benchmarks.Results.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** The page of results, in which each scenario has a region that is written anew when it was measured. */
final class Page {
    private final Path file;

    Page(Path file) {
        this.file = file;
    }

    void write(Scenario scenario, Results results, String circumstances) throws IOException {
        List<Measurement> all = results.of(scenario);
        String plot = scenario.isPlotted() ? plot(scenario, all) : "";
        replace(scenario.name(), table(all) + "\n" + plot + circumstances + "\n");
    }

    /** Draws the plot, and returns what shows it on the page. */
    private String plot(Scenario scenario, List<Measurement> all) throws IOException {
        String metric = all.get(0).metric();
        Path plot = Path.of("benchmarks", scenario.name() + ".svg");
        Path plotFile = file.resolveSibling(plot);
        Files.createDirectories(plotFile.getParent());
        Files.writeString(
                plotFile, BarChart.of(metric, where(all, m -> m.metric().equals(metric))));
        return "![" + metric + "](" + plot + ")\n\n";
    }

    private static String table(List<Measurement> all) {
        List<String> metrics = all.stream().map(Measurement::metric).distinct().toList();
        List<String> contenders =
                all.stream().map(Measurement::contender).distinct().toList();
        StringBuilder table = new StringBuilder("| | " + String.join(" | ", metrics) + " |\n");
        table.append("|---|").append("---:|".repeat(metrics.size())).append('\n');
        for (String contender : contenders) {
            table.append("| ").append(contender).append(" |");
            for (String metric : metrics) {
                table.append(' ').append(cell(all, contender, metric)).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static String cell(List<Measurement> all, String contender, String metric) {
        return where(all, m -> m.contender().equals(contender) && m.metric().equals(metric)).stream()
                .map(Measurement::text)
                .findFirst()
                .orElse("");
    }

    private static List<Measurement> where(List<Measurement> all, Predicate<Measurement> condition) {
        return all.stream().filter(condition).toList();
    }

    private void replace(String region, String content) throws IOException {
        String begin = "<!-- begin " + region + " -->\n";
        String end = "<!-- end " + region + " -->";
        String page = Files.readString(file);
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException("page: no region " + region + " in " + file);
        }
        Files.writeString(file, page.substring(0, from + begin.length()) + content + page.substring(to));
    }
}
