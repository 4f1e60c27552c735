package dev.healthcheck.examples.springboot;

import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/**
 * Announces that the application is about to stop, and waits until probes have seen it. Stops first: Spring stops the
 * highest phase first, and the graceful shutdown of the web server has a lower phase than this.
 */
class Draining implements SmartLifecycle {
    private final HealthCheckRegistry health;
    private final Duration atLeast;
    private final Duration atMost;
    private volatile boolean running;

    Draining(HealthCheckRegistry health, Duration atLeast, Duration atMost) {
        this.health = health;
        this.atLeast = atLeast;
        this.atMost = atMost;
    }

    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        health.drain();
        try {
            health.awaitDrainSeen(2, atLeast, atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
