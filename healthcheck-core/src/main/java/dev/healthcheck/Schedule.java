package dev.healthcheck;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a check is run and how long its verdicts hold: functions of its options and of its state, except for the
 * jitter. Immutable.
 */
final class Schedule {
    /** Stands for a point in time that does not come. */
    static final long NEVER = Long.MIN_VALUE;

    private static final long FAILING_INTERVAL = TimeUnit.SECONDS.toNanos(5);
    private static final long KNOWN_FOR = TimeUnit.MINUTES.toNanos(2);
    private static final long KNOWN_FOR_MOST = TimeUnit.MINUTES.toNanos(15);

    private final CheckOptions options;
    private final long timeout;
    private final LongUnaryOperator jitter;

    Schedule(CheckOptions options, LongUnaryOperator jitter) {
        this.options = options;
        this.jitter = jitter;
        timeout = Nanos.of(options.timeout);
    }

    /** Returns whether the check runs at intervals, and not only on demand. */
    boolean isRegular() {
        return options.every != null;
    }

    /** Returns the timeout of a run, in nanoseconds. */
    long timeout() {
        return timeout;
    }

    /** Returns the time until the next regular run; a failing check runs more often. */
    long interval(boolean failing) {
        if (options.every == null) {
            return 0;
        }
        long every = Nanos.of(options.every);
        return jitter.applyAsLong(failing ? Math.min(every, FAILING_INTERVAL) : every);
    }

    /** Returns the age at which a verdict of a regular run is stale. */
    Duration staleAfter() {
        long every = Nanos.of(Objects.requireNonNull(options.every));
        return Duration.ofNanos(every).multipliedBy(3).plusNanos(timeout);
    }

    /** Returns until when the verdict after {@code outcome} answers, if no run may start before {@code notBefore}. */
    long validUntil(RunOutcome outcome, long notBefore) {
        return isRegular()
                ? outcome.nanos() + Nanos.of(staleAfter())
                : Nanos.later(outcome.nanos() + Nanos.of(options.cacheFor), notBefore);
    }

    /**
     * Returns until when a verdict that is {@code validUntil} counts although nobody asks: that of a check that is asked
     * now and then until it has missed two of three questions.
     *
     * @param before the verdict of the run before; null if there was none
     * @param nanos when the run ended, or was last counted
     */
    long knownUntil(@Nullable CheckReport before, long nanos, long validUntil) {
        if (isRegular()) {
            return validUntil;
        }
        long gap = before == null ? 0 : Math.min(nanos - before.verdict().nanos(), KNOWN_FOR_MOST);
        return Nanos.later(validUntil, nanos + Math.min(Math.max(KNOWN_FOR, 3 * gap), KNOWN_FOR_MOST));
    }

    /** Returns when time alone next changes something; {@link #NEVER} if it does not. */
    long wakeTime(CheckState state) {
        if (state.awaited() != null) {
            return state.awaited().deadline();
        }
        CheckReport last = state.report();
        if (state.stuck() != null && last != null) {
            long count = countedUntil(last, state.stuck()) + timeout;
            boolean counts =
                    (last.status() != Status.DOWN || isBelieved(last, state.stuck())) && count - state.replaceAt() < 0;
            return counts ? count : state.replaceAt();
        }
        return isRegular() ? state.dueAt() : NEVER;
    }

    /** Returns up to when the timeouts of an overdue run are counted, or need not be. */
    long countedUntil(CheckReport last, Run stuck) {
        return isBelieved(last, stuck)
                ? stuck.deadline() + CheckState.REPLACE_AFTER - timeout
                : last.verdict().nanos();
    }

    /** Returns whether the last verdict is a DEGRADED deposit whose time is not over. */
    private static boolean isBelieved(CheckReport last, Run stuck) {
        CheckResult missed = stuck.missed();
        return missed != null
                && missed.status() == Status.DEGRADED
                && last.verdict().nanos() - (stuck.deadline() + CheckState.REPLACE_AFTER) < 0;
    }
}
