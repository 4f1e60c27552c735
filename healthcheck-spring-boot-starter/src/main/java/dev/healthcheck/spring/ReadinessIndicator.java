package dev.healthcheck.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.application.ReadinessStateHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Shows Spring its own indicator of readiness, on the thread of the request, with what the registry adds to it. */
record ReadinessIndicator(ReadinessStateHealthIndicator raw, Readiness readiness) implements HealthIndicator {

    @Override
    public @Nullable Health health() {
        return health(true);
    }

    @Override
    public @Nullable Health health(boolean includeDetails) {
        return readiness.answer(raw.health(includeDetails));
    }
}
