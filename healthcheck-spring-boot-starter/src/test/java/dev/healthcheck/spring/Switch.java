package dev.healthcheck.spring;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** An indicator that says what a test tells it to. */
final class Switch implements HealthIndicator {
    final AtomicInteger runs = new AtomicInteger();
    volatile @Nullable Health says = Health.up().build();

    @Override
    public @Nullable Health health() {
        runs.incrementAndGet();
        return says;
    }
}
