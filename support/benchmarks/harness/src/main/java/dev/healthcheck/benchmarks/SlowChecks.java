package dev.healthcheck.benchmarks;

import java.util.List;
import java.util.stream.IntStream;

/** Ten checks that wait for 50 ms each, asked one time after the other. */
final class SlowChecks implements Scenario {
    private static final List<String> CONTENDERS =
            List.of("healthcheck-uncached", "dropwizard", "dropwizard-executor", "smallrye", "spring-boot");

    @Override
    public String name() {
        return "slow";
    }

    @Override
    public void measure(Settings settings, Results results) {
        for (String contender : CONTENDERS) {
            try (ServerProcess server = ServerProcess.start(contender, Workload.SLOW)) {
                double[] unused = ask(server, 5); // the first ones load classes
                results.add(this, contender, "ms until the answer", ask(server, settings.either(10, 40)));
            }
        }
    }

    /** Returns the milliseconds that each of so many questions took. */
    private static double[] ask(ServerProcess server, int times) {
        return IntStream.range(0, times)
                .mapToDouble(i -> Prober.ask(server.uri(server.path())).millis())
                .toArray();
    }
}
