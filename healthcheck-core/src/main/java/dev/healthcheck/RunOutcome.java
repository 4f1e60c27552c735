package dev.healthcheck;

import java.time.Instant;

/**
 * How a run ended, or that it is overdue.
 *
 * @param result what it found
 * @param durationNanos how long the check took, or has taken so far
 * @param nanos when it ended, for differences
 * @param at the date of the same moment
 * @param runs as how many runs it counts: an overdue run counts once per timeout; zero if it is no evidence
 */
record RunOutcome(CheckResult result, long durationNanos, long nanos, Instant at, int runs) {

    boolean failed() {
        return result.status() == Status.DOWN;
    }

    /** The same, found slow. */
    RunOutcome slow() {
        return new RunOutcome(result.slow(), durationNanos, nanos, at, runs);
    }

    /** Whether it proves that the check works, or that it does not. */
    boolean isEvidence() {
        return runs > 0;
    }
}
