package dev.healthcheck;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer for several checks together. Immutable. */
public final class HealthReport {
    private final Status status;
    private final @Nullable String reason;
    private final @Nullable Probe probe;
    private final Instant timestamp;
    private final long durationNanos;
    private final CheckReport[] checks;

    /** Keeps {@code checks} without copying it. A report with a reason is DOWN, whatever the checks say. */
    HealthReport(
            @Nullable Probe probe,
            @Nullable String reason,
            Instant timestamp,
            long durationNanos,
            CheckReport[] checks) {
        this.status = reason == null ? worst(checks) : Status.DOWN;
        this.reason = reason;
        this.probe = probe;
        this.timestamp = timestamp;
        this.durationNanos = durationNanos;
        this.checks = checks;
    }

    private static Status worst(CheckReport[] checks) {
        Status worst = Status.UP;
        for (CheckReport check : checks) {
            Status status = check.status();
            if (status == Status.DOWN && check.required()) {
                return Status.DOWN;
            }
            if (status != Status.UP) {
                worst = Status.DEGRADED;
            }
        }
        return worst;
    }

    /**
     * Returns {@link Status#DOWN} if a required check is DOWN or there is a {@link #reason()}; otherwise
     * {@link Status#DEGRADED} if any check is DEGRADED or an optional check is DOWN; otherwise {@link Status#UP}, also
     * without any check.
     *
     * @return the status
     */
    public Status status() {
        return status;
    }

    /**
     * Returns why the report is {@link Status#DOWN} whatever its checks say: {@code closed}, {@code draining} or
     * {@code starting}, the first that holds. Only readiness and the overall report have reasons.
     *
     * @return the reason code; null if the status depends on the checks alone
     */
    public @Nullable String reason() {
        return reason;
    }

    /**
     * Returns the probe.
     *
     * @return the probe; null for the overall report
     */
    public @Nullable Probe probe() {
        return probe;
    }

    /**
     * Returns the date at which the report was complete.
     *
     * @return the date
     */
    public Instant timestamp() {
        return timestamp;
    }

    long durationNanos() {
        return durationNanos;
    }

    /**
     * Returns the time from the question to the answer.
     *
     * @return the time
     */
    public Duration duration() {
        return Duration.ofNanos(durationNanos);
    }

    /**
     * Returns the reports of the checks of the probe, in the order of registration.
     *
     * @return an unmodifiable list
     */
    public List<CheckReport> checks() {
        return Collections.unmodifiableList(Arrays.asList(checks));
    }

    @Override
    public String toString() {
        return status + (reason == null ? " " : " (" + reason + ") ") + Arrays.toString(checks);
    }
}
