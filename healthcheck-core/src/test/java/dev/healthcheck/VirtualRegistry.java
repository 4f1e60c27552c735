package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A registry whose time and threads move only when the test says so. */
final class VirtualRegistry {
    final FakeTime time = new FakeTime();
    final FakeWorkers workers = new FakeWorkers();
    final List<StatusChange> changes = new ArrayList<>();
    final HealthCheckRegistry registry;

    VirtualRegistry() {
        this(UnaryOperator.identity());
    }

    VirtualRegistry(UnaryOperator<HealthCheckRegistry.Builder> settings) {
        registry = settings.apply(HealthCheckRegistry.builder().clock(time))
                .internals(time, workers)
                .build();
        registry.addListener(changes::add);
    }

    /** The answer for readiness, all runs being let run. */
    HealthReport readiness() {
        return ask(Probe.READINESS);
    }

    /** The answer for a probe, or the overall one for none, all runs being let run. */
    HealthReport ask(@Nullable Probe probe) {
        CompletableFuture<HealthReport> answer = probe == null ? registry.checkAsync() : registry.checkAsync(probe);
        workers.runAll();
        assertThat(answer).as("the answer of checks that all have run").isCompleted();
        return answer.join();
    }

    /** Asks for readiness and does not care for the answer. */
    void begin() {
        assertThat(registry.checkAsync(Probe.READINESS)).isNotNull();
    }

    /** The answer of a check, all runs being let run. */
    CheckReport check(String name) {
        CompletableFuture<Optional<CheckReport>> answer = registry.checkAsync(name);
        workers.runAll();
        assertThat(answer).as("the answer of a check that has run").isCompleted();
        return answer.join().orElseThrow();
    }

    /** Returns the answer although the runs of checks begin and do not get on; null if there is none yet. */
    @Nullable
    CheckReport checkWhileHanging(String name) {
        CompletableFuture<Optional<CheckReport>> answer = registry.checkAsync(name);
        workers.beginAll();
        workers.runAllButChecks();
        return answer.isDone() ? answer.join().orElseThrow() : null;
    }

    /** Time passes and everything that is started gets done. */
    void advance(Duration by) {
        time.advance(by);
        workers.runAll();
    }

    /** Time passes, and runs of checks begin and do not get on. */
    void advanceWhileHanging(Duration by) {
        beginAndHang();
        time.advance(by, this::beginAndHang);
    }

    private void beginAndHang() {
        workers.beginAll();
        workers.runAllButChecks();
    }

    /** Time passes, and no run of a check gets a thread. */
    void advanceWithoutThreads(Duration by) {
        time.advance(by);
        workers.runAllButChecks();
    }

    /** A check that counts its runs and answers what it is told to. */
    static final class Switchable implements HealthCheck {
        final AtomicInteger runs = new AtomicInteger();
        volatile CheckResult answer = CheckResult.up();
        /** True if the last run found its thread interrupted. */
        volatile boolean interrupted;

        @Override
        public CheckResult check() {
            interrupted = Thread.currentThread().isInterrupted();
            runs.incrementAndGet();
            return answer;
        }
    }
}
