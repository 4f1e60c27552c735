package dev.healthcheck.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Ten healthy checks over HTTP, as many questions as the server answers; all servers in turn, many times over. */
final class HealthyHttp implements Scenario {
    private static final int CONNECTIONS = 8;

    private final String name;
    private final String ceiling;
    private final String ratio;
    private final List<String> contenders;

    /**
     * Compares contenders.
     *
     * @param ceiling the one that the others cannot surpass
     * @param ratio the heading of what each reaches of that
     */
    private HealthyHttp(String name, String ceiling, String ratio, String... others) {
        this.name = name;
        this.ceiling = ceiling;
        this.ratio = ratio;
        contenders = Stream.concat(Stream.of(ceiling), Stream.of(others)).toList();
    }

    /** In a server of servlets. */
    static HealthyHttp servlets() {
        return new HealthyHttp(
                "http",
                ServerProcess.BARE,
                "of the bare server",
                "healthcheck",
                "healthcheck-uncached",
                "dropwizard",
                "dropwizard-executor",
                "dropwizard-async",
                "smallrye",
                "spring-boot",
                "spring-boot-cached");
    }

    /** At a port of its own. */
    static HealthyHttp port() {
        return new HealthyHttp("port", "healthcheck-loop", "of the constant answer", "healthcheck-port");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void measure(Settings settings, Results results) {
        Rounds<Round> rounds = new Rounds<>();
        for (int i = 0; i < settings.either(1, 3); i++) {
            generation(settings, rounds);
        }
        for (String contender : contenders) {
            results.add(this, contender, ratio, ratios(rounds, contender));
            results.add(this, contender, "requests per second", rounds.values(contender, Round::perSecond));
            results.add(this, contender, "µs of CPU per request", rounds.values(contender, Round::cpuMicros));
        }
    }

    /** In JVMs of their own: what one compiles to differs from start to start. */
    private void generation(Settings settings, Rounds<Round> rounds) {
        Map<String, ServerProcess> servers = new LinkedHashMap<>();
        try {
            contenders.forEach(name -> servers.put(name, ServerProcess.start(name, Workload.HEALTHY)));
            servers.values().forEach(server -> warmUp(server, settings));
            for (int i = 0; i < settings.either(5, 11); i++) {
                servers.forEach((name, server) -> rounds.add(name, Round.of(server, settings.either(500, 1000))));
            }
        } finally {
            servers.values().forEach(ServerProcess::close);
        }
    }

    private static void warmUp(ServerProcess server, Settings settings) {
        Duration atMost = Duration.ofSeconds(settings.either(15, 60));
        Load.warmUp(server, CONNECTIONS, settings.either(20_000, 100_000), atMost);
    }

    /** Each to the one of the ceiling in the same turn. */
    private double[] ratios(Rounds<Round> rounds, String contender) {
        double[] ratios = rounds.values(contender, Round::perSecond);
        double[] most = rounds.values(ceiling, Round::perSecond);
        Arrays.setAll(ratios, i -> ratios[i] / most[i]);
        return ratios;
    }

    record Round(double perSecond, double cpuMicros) {
        static Round of(ServerProcess server, int millis) {
            Duration cpuBefore = server.cpuTime();
            long answers = Load.answers(server.port(), server.path(), CONNECTIONS, Duration.ofMillis(millis));
            Duration cpu = server.cpuTime().minus(cpuBefore);
            return new Round(answers * 1e3 / millis, cpu.toNanos() / 1e3 / answers);
        }
    }
}
