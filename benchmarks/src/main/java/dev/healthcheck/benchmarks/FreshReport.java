package dev.healthcheck.benchmarks;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A report on ten healthy checks whose verdicts are fresh: nothing is run, only read. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FreshReport {
    private final HealthCheckRegistry registry = HealthCheckRegistry.builder()
            .defaults(o -> o.cacheFor(Duration.ofHours(1)))
            .build();

    @Setup
    public void register() {
        Checks.register(registry, 10, CheckResult::up);
        Checks.requireUp(registry.check(Probe.READINESS));
    }

    @TearDown
    public void close() {
        registry.close();
    }

    @Benchmark
    public HealthReport readiness() {
        return registry.check(Probe.READINESS);
    }
}
