package dev.healthcheck.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A report on healthy checks without a server. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Reports {
    @Param("healthcheck-fresh")
    private String contender = "";

    @Param("10")
    private int checks;

    private Contender asked = new BareServer();

    /**
     * Registers the checks and runs each once.
     *
     * @throws Exception if that fails
     */
    @Setup
    public void start() throws Exception {
        asked = Contenders.named(contender);
        asked.start(Workload.healthy(checks));
        Object unused = asked.report();
    }

    /**
     * Asks.
     *
     * @return the report
     */
    @Benchmark
    public Object report() {
        return asked.report();
    }

    /**
     * Asks.
     *
     * @return the report in JSON
     * @throws Exception if that fails
     */
    @Benchmark
    public byte[] json() throws Exception {
        return asked.json();
    }
}
