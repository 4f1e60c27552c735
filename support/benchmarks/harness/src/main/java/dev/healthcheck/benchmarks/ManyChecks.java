package dev.healthcheck.benchmarks;

import java.io.IOException;
import java.util.List;

/** Up to ten thousand checks: does the time grow as their number does, and what does each keep? */
final class ManyChecks implements Scenario {
    private static final List<String> CONTENDERS =
            List.of("healthcheck-fresh", "healthcheck-uncached", "dropwizard", "dropwizard-async", "smallrye");
    private static final int MANY = 10_000;

    @Override
    public String name() {
        return "many";
    }

    @Override
    public void measure(Settings settings, Results results) throws IOException, InterruptedException {
        for (String contender : CONTENDERS) {
            add(results, contender, 100, settings);
            add(results, contender, MANY, settings);
            results.add(this, contender, "bytes a check after 1 run", HeapMain.bytes(contender, 1));
            results.add(this, contender, "bytes a check after 60 runs", HeapMain.bytes(contender, 60));
        }
    }

    private void add(Results results, String contender, int checks, Settings settings)
            throws IOException, InterruptedException {
        double nanos = Jmh.of("report", contender, checks, settings).nanos() / checks;
        results.add(this, contender, String.format("ns a check, of %,d", checks), nanos);
    }
}
