package dev.healthcheck.spring;

import dev.healthcheck.testkit.Hang;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** An indicator that does not return until a test lets it go. */
final class HangingIndicator implements HealthIndicator {
    final Hang hang = new Hang();

    @Override
    public Health health() {
        try {
            hang.check();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Health.up().build();
    }
}
