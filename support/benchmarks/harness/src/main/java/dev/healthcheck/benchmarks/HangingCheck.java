package dev.healthcheck.benchmarks;

import dev.healthcheck.benchmarks.Prober.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One check of ten hangs for good, whatever is done to it, while a prober goes on asking and another servlet is used. */
final class HangingCheck implements Scenario {
    private static final List<String> CONTENDERS =
            List.of("healthcheck", "dropwizard", "dropwizard-executor", "dropwizard-async", "smallrye", "spring-boot");
    private static final int MILLIS_APART = 50;

    @Override
    public String name() {
        return "hang";
    }

    @Override
    public void measure(Settings settings, Results results) throws InterruptedException {
        for (String contender : CONTENDERS) {
            try (ServerProcess server = ServerProcess.start(contender, Workload.HANGING)) {
                Probes probes = probe(server, settings.either(100, 1000));
                add(results, contender, probes, server.fact("hanging"));
            }
        }
    }

    private void add(Results results, String contender, Probes probes, long hanging) {
        results.add(this, contender, "% answered below 1 s", probes.percentAnswered(probes.health));
        results.add(this, contender, "% answered with 200", probes.percentOk());
        results.add(this, contender, "ms at most, after the first second", probes.worst(probes.health));
        results.add(this, contender, "threads lost", (double) hanging);
        results.add(this, contender, "% answered of another servlet", probes.percentAnswered(probes.others));
        results.add(this, contender, "ms at most of another servlet", probes.worst(probes.others));
    }

    private static Probes probe(ServerProcess server, int count) throws InterruptedException {
        Probes probes = new Probes(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < count; i++) {
            probes.health.add(Prober.probe(server.uri(server.path())));
            probes.others.add(Prober.probe(server.uri(ServerProcess.CONSTANT)));
            TimeUnit.MILLISECONDS.sleep(MILLIS_APART);
        }
        return probes;
    }

    private record Probes(List<CompletableFuture<Answer>> health, List<CompletableFuture<Answer>> others) {
        double percentAnswered(List<CompletableFuture<Answer>> asked) {
            return percent(asked, 1, 599);
        }

        double percentOk() {
            return percent(health, 200, 200);
        }

        private static double percent(List<CompletableFuture<Answer>> asked, int least, int most) {
            long answered = asked.stream()
                    .map(CompletableFuture::join)
                    .filter(answer -> answer.status() >= least && answer.status() <= most)
                    .count();
            return 100.0 * answered / asked.size();
        }

        /** Of those that follow the first second, in which the first run has not yet been given up. */
        double worst(List<CompletableFuture<Answer>> asked) {
            return asked.stream()
                    .skip(1000 / MILLIS_APART)
                    .mapToDouble(answer -> answer.join().millis())
                    .max()
                    .orElse(0);
        }
    }
}
