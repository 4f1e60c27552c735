package dev.healthcheck.spring;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
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
        CheckReport asked = batches.take(name);
        return healthOf(asked == null ? registry.check(name).orElse(null) : asked, includeDetails);
    }

    /** Returns the answer of {@link #health(boolean)} without waiting for it. */
    CompletableFuture<@Nullable Health> healthAsync(boolean includeDetails) {
        return registry.checkAsync(name).thenApply(report -> healthOf(report.orElse(null), includeDetails));
    }

    private @Nullable Health healthOf(@Nullable CheckReport report, boolean includeDetails) {
        return report == null ? null : translation.healthOf(report, includeDetails);
    }

    @Override
    public String toString() {
        return "indicator of the check " + name;
    }
}
