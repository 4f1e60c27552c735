package dev.healthcheck.benchmarks;

import dev.healthcheck.benchmarks.Jmh.Cost;
import dev.healthcheck.benchmarks.Prober.Answer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Spring Boot with the starter and without it. Each row of the table is a question, each column an application. */
final class UnderSpring implements Scenario {
    private static final String PLAIN = "spring-boot";
    private static final String WRAPPED = "starter";
    private static final List<String> BOTH = List.of(PLAIN, WRAPPED);
    private static final int CONNECTIONS = 8;
    private static final int PROBES = 200;

    @Override
    public String name() {
        return "spring";
    }

    @Override
    public boolean isPlotted() {
        return false;
    }

    @Override
    public void measure(Settings settings, Results results) throws Exception {
        for (String contender : BOTH) {
            answersWhileTenSleep(contender, results);
        }
        for (String contender : BOTH) {
            probesOfOneThatHangs(contender, results);
        }
        load(Workload.HEALTHY, "ten healthy indicators", settings, results);
        load(Workload.SLOW, "ten indicators that take 50 ms each", settings, results);
        inProcess(settings, results);
        starts(settings, results);
    }

    private void answersWhileTenSleep(String contender, Results results) {
        try (ServerProcess server = ServerProcess.start(contender, Workload.SLEEPING)) {
            String row = "ten of 15 indicators sleep for 3 s: ";
            Answer first = Prober.ask(server.uri(server.path()));
            Answer next = Prober.ask(server.uri(server.path()));
            results.add(this, row + "ms until the first answer", contender, first.millis());
            results.add(this, row + "its code", contender, first.status());
            results.add(this, row + "ms until the second answer", contender, next.millis());
        }
    }

    private void probesOfOneThatHangs(String contender, Results results) {
        try (ServerProcess server = ServerProcess.start(contender, Workload.HANGING)) {
            long unusedWarmUp = Load.answers(server.port(), ServerProcess.CONSTANT, CONNECTIONS, Duration.ofSeconds(2));
            Answer unusedFirst = Prober.probe(server.uri(server.path())).join();
            long threads = server.fact("threads");
            List<CompletableFuture<Answer>> probes = Stream.generate(() -> Prober.probe(server.uri(server.path())))
                    .limit(PROBES)
                    .toList();
            Answer other = Prober.probe(server.uri(ServerProcess.CONSTANT)).join();
            double[] millis =
                    probes.stream().mapToDouble(probe -> probe.join().millis()).toArray();
            long answered =
                    probes.stream().filter(probe -> probe.join().status() > 0).count();
            String row = "200 probes at once, one of ten indicators hangs: ";
            results.add(this, row + "answered within 1 s", contender, (double) answered);
            results.add(
                    this,
                    row + "ms of the slowest",
                    contender,
                    Arrays.stream(millis).max().orElse(0));
            results.add(this, row + "answers of another servlet meanwhile", contender, other.status() == 200 ? 1 : 0);
            results.add(this, row + "more threads", contender, server.fact("threads") - (double) threads);
            results.add(this, row + "of them lost in the indicator", contender, (double) server.fact("hanging"));
        }
    }

    private void load(Workload workload, String row, Settings settings, Results results) {
        Rounds<HealthyHttp.Round> rounds = new Rounds<>();
        Map<String, ServerProcess> servers = new LinkedHashMap<>();
        try {
            BOTH.forEach(name -> servers.put(name, ServerProcess.start(name, workload)));
            servers.values()
                    .forEach(server -> Load.warmUp(
                            server,
                            CONNECTIONS,
                            settings.either(20_000, 100_000),
                            Duration.ofSeconds(settings.either(15, 60))));
            for (int i = 0; i < 10; i++) {
                servers.forEach(
                        (name, server) -> rounds.add(name, HealthyHttp.Round.of(server, settings.either(500, 2000))));
            }
        } finally {
            servers.values().forEach(ServerProcess::close);
        }
        add(rounds, results, row + ": requests per second", HealthyHttp.Round::perSecond);
        add(rounds, results, row + ": µs of CPU per request", HealthyHttp.Round::cpuMicros);
        ratio(rounds, results, row + ": requests per second of plain", HealthyHttp.Round::perSecond);
    }

    private void inProcess(Settings settings, Results results) throws Exception {
        Rounds<Cost> rounds = new Rounds<>();
        for (int i = 0; i < settings.either(1, 5); i++) {
            for (String contender : BOTH) {
                rounds.add(contender, Jmh.of("report", contender, 10, settings));
            }
        }
        add(rounds, results, "ten healthy indicators in process: ns an answer", Cost::nanos);
        add(rounds, results, "ten healthy indicators in process: bytes an answer", Cost::bytes);
    }

    private void starts(Settings settings, Results results) {
        Rounds<Footprint.Start> rounds = new Rounds<>();
        for (int i = 0; i < settings.either(3, 7); i++) {
            for (String contender : BOTH) {
                rounds.add(contender, Footprint.Start.of(contender));
            }
        }
        add(rounds, results, "ms from the start to the first 200", Footprint.Start::millis);
        add(rounds, results, "loaded classes", Footprint.Start::classes);
    }

    private <T> void add(Rounds<T> rounds, Results results, String row, ToDoubleFunction<T> value) {
        BOTH.forEach(contender -> results.add(this, row, contender, rounds.values(contender, value)));
    }

    /** Of each round to the one before it. */
    private <T> void ratio(Rounds<T> rounds, Results results, String row, ToDoubleFunction<T> value) {
        double[] plain = rounds.values(PLAIN, value);
        double[] ratios = rounds.values(WRAPPED, value);
        Arrays.setAll(ratios, i -> ratios[i] / plain[i]);
        results.add(this, row, WRAPPED, ratios);
    }
}
