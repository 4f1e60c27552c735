package dev.healthcheck.benchmarks;

import dev.healthcheck.benchmarks.Jmh.Cost;
import java.io.IOException;
import java.util.List;

/** A report on ten healthy checks without a server, of all contenders in turn. */
final class InProcess implements Scenario {
    private final String name;
    private final List<String> contenders;

    private InProcess(String name, List<String> contenders) {
        this.name = name;
        this.contenders = contenders;
    }

    /** Only last results are read. */
    static InProcess fresh() {
        return new InProcess("fresh", List.of("healthcheck-fresh", "dropwizard-async"));
    }

    /** Each check is run for each report. */
    static InProcess run() {
        return new InProcess(
                "run", List.of("healthcheck-uncached", "dropwizard", "dropwizard-executor", "smallrye", "spring-boot"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void measure(Settings settings, Results results) throws IOException, InterruptedException {
        Rounds<Cost> reports = new Rounds<>();
        Rounds<Cost> json = new Rounds<>();
        for (int i = 0; i < settings.either(1, 5); i++) {
            for (String contender : contenders) {
                reports.add(contender, Jmh.of("report", contender, 10, settings));
                json.add(contender, Jmh.of("json", contender, 10, settings));
            }
        }
        for (String contender : contenders) {
            results.add(this, contender, "ns a report", reports.values(contender, Cost::nanos));
            results.add(this, contender, "bytes a report", reports.values(contender, Cost::bytes));
            results.add(this, contender, "ns with JSON", json.values(contender, Cost::nanos));
            results.add(this, contender, "bytes with JSON", json.values(contender, Cost::bytes));
        }
    }
}
