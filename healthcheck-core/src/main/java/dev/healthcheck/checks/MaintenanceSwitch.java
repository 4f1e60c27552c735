package dev.healthcheck.checks;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Probe;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes an instance out of the load balancer for a while, and lets it in again: DOWN, reason {@code maintenance}, between
 * {@link #on} and {@link #off}, and UP otherwise. It ends by itself, so a switch that somebody forgets does not keep an
 * instance out for ever. Unlike {@link dev.healthcheck.HealthCheckRegistry#drain() drain}, it can be taken back.
 *
 * <pre>{@code
 * MaintenanceSwitch maintenance = MaintenanceSwitch.create();
 * health.register("maintenance", maintenance);
 * // in an endpoint for operators:
 * maintenance.on("vacuum of the orders table", ofMinutes(20));
 * }</pre>
 *
 * <p>The log tells DOWN for {@code maintenance} at INFO, and the alerts of {@code examples/deploy} leave it out, because
 * somebody has announced it.
 *
 * <p>The switch proposes options with which it holds at once: required, thresholds of 1, and no cache. The first question
 * whose run begins after {@code on} has returned is answered DOWN. With {@link CheckOptions#every every(...)}, which
 * overrides the proposal, that is only from the next scheduled run on.
 *
 * <p>Belongs to {@link Probe#READINESS}. The switch proposes to be a {@linkplain CheckOptions#dependency() dependency}, so
 * that registration refuses it in {@link Probe#LIVENESS}, where maintenance would restart the process. Thread-safe.
 *
 * <p>Details, while it is on: in milliseconds {@code endsInMs}.
 */
public final class MaintenanceSwitch implements HealthCheck {
    private static final Duration LONGEST = Duration.ofDays(1);

    private final LongSupplier nanos;
    /** The last call counts, so one field has all that it says. */
    private volatile @Nullable Window window;

    MaintenanceSwitch(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Returns a switch that is off.
     *
     * @return the switch
     */
    public static MaintenanceSwitch create() {
        return new MaintenanceSwitch(System::nanoTime);
    }

    /**
     * Begins maintenance. If it is on already, {@code why} and {@code atMost} replace those of before, also if it ends
     * earlier by that.
     *
     * @param why the message of the check; sensitive like every message, so it may name people and tickets
     * @param atMost the time after which maintenance ends by itself: positive, a day at most
     * @throws IllegalArgumentException if {@code atMost} is out of bounds
     */
    public void on(String why, Duration atMost) {
        requireNonNull(why, "why");
        Arguments.positive("atMost", atMost);
        Arguments.require(atMost.compareTo(LONGEST) <= 0, "atMost", atMost, "<= " + LONGEST);
        window = new Window(why, nanos.getAsLong(), atMost.toNanos());
    }

    /** Ends maintenance. Does nothing if it is off. */
    public void off() {
        window = null;
    }

    @Override
    public CheckOptions options(CheckOptions defaults) {
        return defaults.required()
                .failureThreshold(1)
                .successThreshold(1)
                .cacheFor(Duration.ZERO)
                .dependency();
    }

    @Override
    public CheckResult check() {
        Window now = window;
        return now == null ? CheckResult.up() : now.judge(nanos.getAsLong());
    }

    /** Both in nanoseconds. */
    private record Window(String why, long begin, long length) {
        CheckResult judge(long now) {
            long left = length - (now - begin);
            return left <= 0 ? CheckResult.up() : maintenance(Duration.ofNanos(left));
        }

        private CheckResult maintenance(Duration left) {
            return CheckResult.down(why + " (ends by itself in " + Words.duration(left) + ")")
                    .withReason("maintenance")
                    .withDetail("endsInMs", left.toMillis());
        }
    }
}
