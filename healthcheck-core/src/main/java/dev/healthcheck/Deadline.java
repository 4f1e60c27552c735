package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The point in time after which the answer of a run comes too late. A change of the date does not move it. Thread-safe.
 *
 * <p>A check that cannot end in time says beforehand what is to be reported then:
 *
 * <pre>{@code
 * public CheckResult check(Deadline deadline) throws Exception {
 *     deadline.ifMissed(CheckResult.down("waiting for the licence server").withReason("licence-server"));
 *     return licences.request() ? CheckResult.up() : CheckResult.down("no licence left");
 * }
 * }</pre>
 */
public final class Deadline {
    private static final int OWN_PERCENT = 85;

    private final Ticker ticker;
    private final long at;
    /** Whether this is the deadline of a run, so that the registry reads the deposit. */
    private final boolean ofRun;

    private final boolean forced;

    private volatile @Nullable CheckResult missed;

    private Deadline(Ticker ticker, long at, boolean ofRun, boolean forced) {
        this.ticker = ticker;
        this.at = at;
        this.ofRun = ofRun;
        this.forced = forced;
    }

    static Deadline ofRun(Ticker ticker, long at, boolean forced) {
        return new Deadline(ticker, at, true, forced);
    }

    /**
     * Returns a deadline that far from now: for calling a check directly, and for splitting one's own time.
     *
     * @param duration from now; zero or less is a deadline that has passed
     * @return the deadline
     */
    public static Deadline after(Duration duration) {
        return new Deadline(System::nanoTime, System.nanoTime() + Nanos.of(duration), false, false);
    }

    /**
     * Returns the time left, never negative.
     *
     * @return zero once the deadline has passed
     */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, at - ticker.nanos()));
    }

    /**
     * Returns the time after which a check that bounds itself should give up: 85 % of {@link #remaining()}. The rest
     * lets the check report its own reason before this deadline.
     *
     * @return zero once the deadline has passed
     */
    public Duration ownBudget() {
        return remaining().multipliedBy(OWN_PERCENT).dividedBy(100);
    }

    /**
     * Returns whether {@link Registration#runNow} started the run. A check that backs off after a failure ignores its
     * back-off in such a run.
     *
     * @return false for a run that a question or a schedule has started, and for a deadline made by {@link #after}
     */
    public boolean isForced() {
        return forced;
    }

    /**
     * Deposits what the registry reports if the run is not over at this deadline, instead of the bare {@code timeout}.
     * The last deposit before the deadline counts. A deposit after the deadline, or on a deadline that was made by
     * {@link #after}, is ignored.
     *
     * <p>A {@link Status#DOWN} deposit counts for the thresholds as a timeout does, and while the run goes on its reason
     * stands for {@code stuck}. A {@link Status#DEGRADED} one is no evidence: it counts neither as failure nor as
     * success, does not end a {@link Status#DOWN}, and does not let a startup check pass. It holds until 60 seconds
     * after the deadline; from then on the run is {@code stuck}.
     *
     * @param result {@link Status#DOWN} or {@link Status#DEGRADED}
     * @throws IllegalArgumentException if {@code result} is {@link Status#UP}
     */
    public void ifMissed(CheckResult result) {
        Arguments.require(
                requireNonNull(result, "result").status() != Status.UP,
                "result",
                result,
                "DOWN or DEGRADED: no answer is no proof that it works");
        if (ofRun && at - ticker.nanos() > 0) {
            missed = result;
        }
    }

    /** Returns the last deposit; null if there is none. */
    @Nullable
    CheckResult missed() {
        return missed;
    }

    @Override
    public String toString() {
        return "in " + remaining();
    }
}
