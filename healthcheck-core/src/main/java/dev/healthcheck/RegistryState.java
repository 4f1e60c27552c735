package dev.healthcheck;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The checks of a registry, and whether it is open, draining or closed. Thread-safe.
 *
 * <p>Invariant: a registry that is closed keeps for good the checks that it had when it was closed. What changes here
 * is queued for log and listeners under the same lock, so they hear of it in the order in which it happened: of each
 * check before it is asked, and of the checks of one name one after the other.
 */
final class RegistryState {
    private final LastAsked asked = new LastAsked();
    private final DrainLatch drainLatch;
    private final StartLatch startLatch;
    private final EventDispatcher events;

    private volatile Phase phase = Phase.OPEN;
    /** The content of {@link #checks}; null when that has changed. */
    private volatile @Nullable CheckSnapshot snapshot;

    // guarded by itself
    private final Map<String, RegisteredCheck> checks = new LinkedHashMap<>();

    RegistryState(Ticker ticker, EventDispatcher events) {
        drainLatch = new DrainLatch(ticker, asked);
        startLatch = new StartLatch(ticker);
        this.events = events;
    }

    CheckSnapshot snapshot() {
        CheckSnapshot current = snapshot;
        if (current == null) {
            synchronized (checks) {
                current = CheckSnapshot.of(checks);
                snapshot = current;
            }
        }
        return current;
    }

    /**
     * Adds {@code check}.
     *
     * @throws IllegalArgumentException if there is another of its name
     * @throws IllegalStateException if the registry is closed
     */
    void add(RegisteredCheck check, Instant at) {
        synchronized (checks) {
            if (phase == Phase.CLOSED) {
                throw new IllegalStateException("registry: closed (expected: open)");
            }
            Arguments.require(
                    checks.putIfAbsent(check.name(), check) == null,
                    "name",
                    '"' + check.name() + '"',
                    "not yet registered");
            snapshot = null;
            check.registered(at);
        }
    }

    /** Removes {@code check}, and ends it. Returns false if it is not there, or the registry is closed. */
    boolean remove(RegisteredCheck check, TimePoint now) {
        synchronized (checks) {
            if (phase == Phase.CLOSED || !checks.remove(check.name(), check)) {
                return false;
            }
            snapshot = null;
            check.unregister(now);
            return true;
        }
    }

    /** Begins to drain, unless the registry is draining or closed already. */
    void drain(Instant at) {
        synchronized (checks) {
            if (phase == Phase.OPEN) {
                phase = Phase.DRAINING;
                events.draining(at);
            }
        }
        startLatch.close();
    }

    /** Closes the registry. Returns the checks that it had; null if it was closed already. */
    @Nullable
    CheckSnapshot close(Instant at) {
        CheckSnapshot last;
        synchronized (checks) {
            if (phase == Phase.CLOSED) {
                return null;
            }
            last = snapshot();
            phase = Phase.CLOSED;
            events.closed(at);
        }
        drainLatch.close();
        startLatch.close();
        return last;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** Returns the reason why the report for {@code probe} is DOWN whatever the checks say; null if none. */
    @Nullable
    String reason(@Nullable Probe probe) {
        if (probe == Probe.LIVENESS || probe == Probe.STARTUP) {
            return null;
        }
        Phase now = phase;
        return now == Phase.OPEN && snapshot().isStarting() ? "starting" : now.reason;
    }

    /**
     * An answer for {@code probe}, or for all checks if it is null, is given out.
     *
     * @param reason what {@link #reason} said for it
     */
    void answered(@Nullable Probe probe, @Nullable String reason, long now, Instant date) {
        asked.note(probe == null ? Probe.READINESS : probe, now, date);
        if (reason != null && reason.equals(Phase.DRAINING.reason)) {
            drainLatch.seen();
        }
    }

    /** Returns when somebody last asked for {@code probe}. */
    Optional<Instant> lastAsked(Probe probe) {
        return asked.date(probe);
    }

    /** Does what {@link HealthCheckRegistry#awaitDrainSeen} promises. */
    boolean awaitDrainSeen(int reports, Duration atLeast, Duration atMost) throws InterruptedException {
        Phase now = phase;
        if (now != Phase.DRAINING) {
            throw new IllegalStateException(
                    now == Phase.OPEN
                            ? "registry: not draining (expected: drain() before)"
                            : "registry: closed (expected: draining)");
        }
        return drainLatch.await(reports, atLeast, atMost);
    }

    /** Does what {@link HealthCheckRegistry#awaitUp} promises. */
    boolean awaitUp(Supplier<CompletableFuture<HealthReport>> question, Duration atMost) throws InterruptedException {
        return startLatch.await(question, atMost);
    }

    private enum Phase {
        OPEN(null),
        DRAINING("draining"),
        CLOSED("closed");

        private final @Nullable String reason;

        Phase(@Nullable String reason) {
            this.reason = reason;
        }
    }
}
