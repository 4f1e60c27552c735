package dev.healthcheck.spring;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.spring.Batches.Answer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Shows Spring what the registry says of one check. Thread-safe. */
final class CheckIndicator implements HealthIndicator {
    private final String name;
    private final HealthCheckRegistry registry;
    private final Batches batches;
    private final Translation translation;
    private volatile @Nullable Shown shown;

    CheckIndicator(String name, HealthCheckRegistry registry, Batches batches, Translation translation) {
        this.name = name;
        this.registry = registry;
        this.batches = batches;
        this.translation = translation;
    }

    /** Returns the name of the check. */
    String name() {
        return name;
    }

    @Override
    public @Nullable Health health() {
        return health(true);
    }

    @Override
    public @Nullable Health health(boolean includeDetails) {
        Answer asked = batches.take(name);
        return healthOf(asked == null ? registry.check(name).orElse(null) : asked.await(), includeDetails);
    }

    /** Takes the answer of this out of the batch of this thread; null if it is not part of one. */
    @Nullable
    Answer take() {
        return batches.take(name);
    }

    /** Returns the answer of {@link #health(boolean)} outside of a batch, without waiting for it. */
    CompletableFuture<Optional<CheckReport>> ask() {
        return registry.checkAsync(name);
    }

    /** Returns what Spring shows of a report. The registry gives out the same one until the next run. */
    @Nullable
    Health healthOf(@Nullable CheckReport report, boolean includeDetails) {
        if (report == null) {
            return null;
        }
        Shown last = shown;
        if (last == null || last.report != report || last.details != includeDetails) {
            last = new Shown(report, includeDetails, translation.healthOf(report, includeDetails));
            shown = last;
        }
        return last.health;
    }

    @Override
    public String toString() {
        return "indicator of the check " + name;
    }

    private record Shown(
            CheckReport report, boolean details, @Nullable Health health) {}
}
