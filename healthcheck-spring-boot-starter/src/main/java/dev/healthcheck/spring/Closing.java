package dev.healthcheck.spring;

import dev.healthcheck.HealthCheckRegistry;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Closes the registry when its context closes: after the web server, so that probes are answered to the end, and before
 * Spring destroys pools and clients, so that no check runs on one that is closed.
 *
 * <p>A context that is stopped or paused may start again, so only {@link ContextClosedEvent} of the context itself counts.
 * No other lifecycle bean may depend on this one or the reverse: Spring stops such beans together, in no phase.
 */
final class Closing implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {
    /** Between the web server and the clients of an application. */
    private static final int PHASE = DEFAULT_PHASE - 4096;

    private final HealthCheckRegistry registry;
    private final ApplicationContext context;
    private volatile boolean isClosing;

    Closing(HealthCheckRegistry registry, ApplicationContext context) {
        this.registry = registry;
        this.context = context;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext() == context) {
            isClosing = true;
        }
    }

    @Override
    public boolean supportsAsyncExecution() {
        return false;
    }

    @Override
    public void start() {
        // the registry is open from the start
    }

    @Override
    public void stop() {
        if (isClosing) {
            registry.close();
        }
    }

    /** Returns true, so that Spring calls {@link #stop()} also if the context was stopped before it closes. */
    @Override
    public boolean isRunning() {
        return true;
    }
}
