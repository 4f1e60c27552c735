package dev.healthcheck;

import java.time.Instant;

/**
 * The outcome of a run that has ended or is overdue.
 *
 * @param result the result of the check, or what stands for it
 * @param durationNanos how long the check took, or has taken so far
 * @param nanos when it ended, for differences
 * @param at the date of the same moment
 * @param runs the number of runs as which it counts: an overdue run counts once for each timeout; zero if it is no
 *     evidence
 */
record RunOutcome(CheckResult result, long durationNanos, long nanos, Instant at, int runs) {

    boolean failed() {
        return result.status() == Status.DOWN;
    }

    /** Returns this outcome without the object that the check has attached to its result. */
    RunOutcome withoutAttachment() {
        CheckResult bare = result.withoutAttachment();
        return bare == result ? this : new RunOutcome(bare, durationNanos, nanos, at, runs);
    }

    /** Returns this outcome for a run that was slow. */
    RunOutcome slow() {
        return new RunOutcome(result.slow(), durationNanos, nanos, at, runs);
    }

    /** Returns whether this proves that the check works, or that it does not. */
    boolean isEvidence() {
        return runs > 0;
    }
}
