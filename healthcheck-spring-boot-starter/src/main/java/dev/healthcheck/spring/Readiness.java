package dev.healthcheck.spring;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Passes readiness between Actuator and the registry. Thread-safe.
 *
 * <p>Spring owns readiness. But if the registry drains, readiness is out of service from then on, as the registry promises.
 * The registry learns of each answer about readiness, because it waits for probers when it drains.
 *
 * <p>It does not learn of those within a second of the first. A smoke test asks once or in quick succession, and nobody
 * waits for it when the application stops; a prober asks again later.
 */
final class Readiness {
    private static final long NO_PROBER_YET = TimeUnit.SECONDS.toNanos(1);
    private static final Set<String> OVER = Set.of("draining", "closed");

    private final HealthCheckRegistry registry;
    private final LongSupplier nanos;
    /** When the first answer was given. */
    private final AtomicReference<@Nullable Long> first = new AtomicReference<>();

    Readiness(HealthCheckRegistry registry, LongSupplier nanos) {
        this.registry = registry;
        this.nanos = nanos;
    }

    /** Returns the answer to a prober, given the answer of Spring. */
    @Nullable
    Health answer(@Nullable Health spring) {
        note(nanos.getAsLong());
        return spring != null && spring.getStatus().equals(Status.UP) && isOver()
                ? Health.outOfService().build()
                : spring;
    }

    private void note(long now) {
        Long begin = first.get();
        if (begin == null) {
            first.compareAndSet(null, now);
        } else if (now - begin >= NO_PROBER_YET) {
            registry.asked(Probe.READINESS);
        }
    }

    private boolean isOver() {
        String reason = registry.latest(Probe.READINESS).reason();
        return reason != null && OVER.contains(reason);
    }
}
