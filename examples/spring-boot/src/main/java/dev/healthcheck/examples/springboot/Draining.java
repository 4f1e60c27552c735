package dev.healthcheck.examples.springboot;

import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/**
 * Says that the application is about to stop, and waits until probes have seen it. Comes first when it stops: whatever
 * has a higher phase stops earlier, and the web server's graceful shutdown, too, is a phase below the highest.
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
