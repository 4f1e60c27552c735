package dev.healthcheck;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What several checks together say. Immutable. */
public final class HealthReport {
    private final Status status;
    private final @Nullable String reason;
    private final @Nullable Probe probe;
    private final Instant timestamp;
    private final long durationNanos;
    private final CheckReport[] checks;

    /** Takes {@code checks} over. With a reason it is DOWN, whatever the checks say. */
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
     * {@link Status#DOWN} if a required check is, or if there is a {@link #reason()}; else {@link Status#DEGRADED} if
     * any check is that, or an optional one is DOWN; else {@link Status#UP}, also when there are no checks.
     *
     * @return the status
     */
    public Status status() {
        return status;
    }

    /**
     * Why the whole is {@link Status#DOWN} whatever its checks say: {@code closed}, {@code draining} or
     * {@code starting}, the first that holds. Only readiness and the overall report have reasons.
     *
     * @return null if only the checks count
     */
    public @Nullable String reason() {
        return reason;
    }

    /**
     * The probe that was asked about.
     *
     * @return null for the overall report
     */
    public @Nullable Probe probe() {
        return probe;
    }

    /**
     * When the report was complete.
     *
     * @return the date
     */
    public Instant timestamp() {
        return timestamp;
    }

    /**
     * How long it took from question to answer.
     *
     * @return the time
     */
    public Duration duration() {
        return Duration.ofNanos(durationNanos);
    }

    /**
     * The checks of the probe, in the order of their registration.
     *
     * @return unmodifiable
     */
    public List<CheckReport> checks() {
        return Collections.unmodifiableList(Arrays.asList(checks));
    }

    @Override
    public String toString() {
        return status + (reason == null ? " " : " (" + reason + ") ") + Arrays.toString(checks);
    }
}
