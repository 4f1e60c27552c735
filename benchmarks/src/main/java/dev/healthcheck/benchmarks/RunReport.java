package dev.healthcheck.benchmarks;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
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

/** A report on ten healthy checks of which each has to be run: what the runs themselves do not cost. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RunReport {
    private static final int CHECKS = 10;

    private final HealthCheckRegistry trivial = registry();
    private final HealthCheckRegistry waiting = registry();

    @Setup
    public void register() {
        Checks.register(trivial, CHECKS, CheckResult::up);
        Checks.register(waiting, CHECKS, afterWaiting(50));
        Checks.requireUp(trivial.check(Probe.READINESS));
        Checks.requireUp(waiting.check(Probe.READINESS));
    }

    @TearDown
    public void close() {
        trivial.close();
        waiting.close();
    }

    /** Checks that are over at once. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public HealthReport trivial() {
        return trivial.check(Probe.READINESS);
    }

    /** Checks that wait 50 ms each. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public HealthReport waiting50ms() {
        return waiting.check(Probe.READINESS);
    }

    private static HealthCheckRegistry registry() {
        return HealthCheckRegistry.builder()
                .defaults(o -> o.cacheFor(Duration.ZERO))
                .build();
    }

    private static HealthCheck afterWaiting(long millis) {
        return () -> {
            Thread.sleep(millis);
            return CheckResult.up();
        };
    }
}
