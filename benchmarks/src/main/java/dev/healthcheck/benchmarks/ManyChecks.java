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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reports on up to ten thousand checks, with fresh verdicts: the time should grow as their number does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ManyChecks {
    @Param({"10", "100", "1000", "10000"})
    private int checks;

    // the first runs of ten thousand checks need more than a second on a busy machine, and are not the subject
    private final HealthCheckRegistry registry = HealthCheckRegistry.builder()
            .answerWithin(Duration.ofMinutes(1))
            .defaults(o -> o.cacheFor(Duration.ofHours(1)).timeout(Duration.ofMinutes(1)))
            .build();

    @Setup
    public void register() {
        Checks.register(registry, checks, CheckResult::up);
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
