package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The point in time after which the answer of a run comes too late. A change of the system's date does not move it.
 * Thread-safe.
 *
 * <p>A check that can bound itself ends within its {@linkplain #ownBudget() own budget}, with the true reason:
 *
 * <pre>{@code
 * public CheckResult check(Deadline deadline) throws Exception {
 *     socket.setSoTimeout(Math.max(1, (int) deadline.ownBudget().toMillis()));
 *     return socket.getInputStream().read() >= 0
 *             ? CheckResult.up()
 *             : CheckResult.down("closed by the peer").withReason("unreachable");
 * }
 * }</pre>
 *
 * <p>A check that cannot bound itself deposits beforehand what the registry reports if it does not end in time:
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
    /** True for the deadline of a run, whose deposit the registry reads. */
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
     * Returns a deadline that far from now, for a caller that calls a check directly, and for a check that gives a part
     * of its time to something else.
     *
     * @param duration the time from now; zero or less gives a deadline that has passed
     * @return the deadline
     */
    public static Deadline after(Duration duration) {
        return new Deadline(System::nanoTime, System.nanoTime() + Nanos.of(duration), false, false);
    }

    /**
     * Returns the time that is left.
     *
     * @return the time, never negative; zero once the deadline has passed
     */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, at - ticker.nanos()));
    }

    /**
     * Returns the time after which a check that bounds itself should give up: 85 % of {@link #remaining()}. The rest
     * lets the check report its own reason before this deadline.
     *
     * @return the time, never negative; zero once the deadline has passed
     */
    public Duration ownBudget() {
        return remaining().multipliedBy(OWN_PERCENT).dividedBy(100);
    }

    /**
     * Returns whether {@link Registration#runNow} started the run. A check that backs off after a failure should ignore
     * its back-off in such a run.
     *
     * @return false for a run that a question or a schedule has started, and for a deadline made by {@link #after}
     */
    public boolean isForced() {
        return forced;
    }

    /**
     * Deposits the result that the registry reports, instead of a plain {@code timeout}, if the run has not ended at
     * this deadline. The last deposit before the deadline counts. The registry ignores a deposit after the deadline,
     * and one on a deadline that was made by {@link #after}.
     *
     * <p>A {@link Status#DOWN} deposit counts for the thresholds as a timeout does, and its reason replaces
     * {@code stuck} while the run goes on. A {@link Status#DEGRADED} deposit counts neither as failure nor as success,
     * does not end a {@link Status#DOWN}, and does not let a startup check pass. It holds until 60 s after the
     * deadline; from then on the run is {@code stuck}.
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
            missed = result.withoutAttachment();
        }
    }

    /** Returns the last deposit; null if there is none. */
    @Nullable
    CheckResult missed() {
        return missed;
    }

    @Override
    public String toString() {
        return "in " + Nanos.inWords(Nanos.of(remaining()));
    }
}
