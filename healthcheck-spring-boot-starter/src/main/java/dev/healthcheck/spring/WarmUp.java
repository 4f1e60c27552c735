package dev.healthcheck.spring;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Asks all checks before the web server of a context starts, so that no prober meets the first run of a check, which fills
 * pools and loads classes.
 *
 * <p>Waits for required checks that are DOWN because they are slow: those that have not answered yet, and those whose run
 * took half of its timeout or more. A check that quickly says that it is DOWN, or is not required, holds nothing up. A
 * context without a web server does not wait.
 *
 * <p>There is no such wait in an application whose registry nobody reads: {@link HasReaders}.
 *
 * <p>Spring starts this again when it starts the web server again, as pools may have been emptied meanwhile.
 */
final class WarmUp implements SmartLifecycle {
    /** Before the web server, after what the checks need. */
    private static final int PHASE = WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1024;

    private static final long ASK_EVERY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private final HealthCheckRegistry registry;
    private final ApplicationContext context;
    private final Duration atMost;

    WarmUp(HealthCheckRegistry registry, ApplicationContext context, Duration atMost) {
        if (atMost.isNegative()) {
            throw new InvalidSettingsException(
                    "healthcheck.warm-up-at-most: " + atMost + " (expected: >= 0)", "Correct the property.", null);
        }
        this.registry = registry;
        this.context = context;
        this.atMost = atMost;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public void start() {
        if (!atMost.isZero() && context instanceof WebServerApplicationContext) {
            try {
                warmUp(System.nanoTime() + atMost.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                LOG.warn("The web server starts before all checks have run", e.getCause());
            }
        }
    }

    private void warmUp(long until) throws InterruptedException, ExecutionException {
        List<String> cold = registry.names();
        long left = until - System.nanoTime();
        while (!cold.isEmpty() && left > 0) {
            long again = System.nanoTime() + ASK_EVERY;
            cold = coldOf(cold, left);
            left = until - System.nanoTime();
            if (!cold.isEmpty()) {
                TimeUnit.NANOSECONDS.sleep(Math.min(again - System.nanoTime(), left));
                left = until - System.nanoTime();
            }
        }
        if (!cold.isEmpty()) {
            LOG.info("The web server starts although these checks are still slow: {}", cold);
        }
    }

    /** Asks checks, and returns the names of the slow ones. Goes by the latest reports if the time ends before the answer. */
    private List<String> coldOf(List<String> names, long nanos) throws InterruptedException, ExecutionException {
        try {
            return registry.checkAsync(names).get(nanos, TimeUnit.NANOSECONDS).stream()
                    .filter(WarmUp::isCold)
                    .map(CheckReport::name)
                    .toList();
        } catch (TimeoutException e) {
            return names.stream()
                    .filter(name -> registry.latest(name).filter(WarmUp::isCold).isPresent())
                    .toList();
        }
    }

    private static boolean isCold(CheckReport report) {
        boolean isSlow = !report.isKnown()
                || report.duration().compareTo(report.timeout().dividedBy(2)) >= 0;
        return report.status() == Status.DOWN && report.required() && isSlow;
    }

    @Override
    public void stop() {
        // nothing goes on after the start
    }

    /** Returns false, so that it starts again with the web server. */
    @Override
    public boolean isRunning() {
        return false;
    }
}
