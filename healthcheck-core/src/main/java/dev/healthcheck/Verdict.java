package dev.healthcheck;

import dev.healthcheck.RecentChanges.Flapping;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of the runs of a check so far: a pure function of the previous verdict, the last outcome and the
 * thresholds (except for {@code ref}, which is drawn at random). Immutable.
 *
 * @param status as shown, after damping
 * @param result the explanation: the result of the last run, or why the status differs from it
 * @param durationNanos of the last run
 * @param nanos when the last run ended, for differences
 * @param checkedAt the date of the same moment; null if there was no run yet
 * @param since the date when the shown status began
 * @param sinceNanos the same moment, for differences
 * @param failures failed runs in a row, up to the last
 * @param successes runs in a row that did not fail, up to the last
 * @param failuresSince failed runs that led to the shown status, and since
 * @param lastSuccess the date of the last run that did not fail
 * @param ref the mark of the present pair of status and reason in the log; null while all is well
 * @param changes the last changes of the shown status or reason, up to this verdict
 */
record Verdict(
        Status status,
        CheckResult result,
        long durationNanos,
        long nanos,
        @Nullable Instant checkedAt,
        @Nullable Instant since,
        long sinceNanos,
        int failures,
        int successes,
        int failuresSince,
        @Nullable Instant lastSuccess,
        @Nullable String ref,
        RecentChanges changes) {

    private static final long[] REMINDERS = {
        TimeUnit.MINUTES.toNanos(1), TimeUnit.MINUTES.toNanos(10), TimeUnit.MINUTES.toNanos(60)
    };

    private static final long FIRST_REF = Long.parseLong("100000", 36);

    /** Returns the verdict on a check of which nothing is known. */
    static Verdict none(Status status, String reason, String message) {
        CheckResult result = CheckResult.down(message).withReason(reason);
        return new Verdict(status, result, 0, 0, null, null, 0, 0, 0, 0, null, null, RecentChanges.NONE);
    }

    /** Returns the verdict after one more outcome; {@code last} is null for the first, which no threshold damps. */
    static Verdict after(@Nullable Verdict last, RunOutcome outcome, CheckOptions options) {
        return last == null ? first(outcome) : last.next(outcome, options).shownAfter(last, outcome.nanos());
    }

    private static Verdict first(RunOutcome outcome) {
        CheckResult result = outcome.result();
        boolean failed = outcome.failed();
        boolean succeeded = outcome.isEvidence() && !failed;
        return new Verdict(
                result.status(),
                result,
                outcome.durationNanos(),
                outcome.nanos(),
                outcome.at(),
                outcome.at(),
                outcome.nanos(),
                failed ? outcome.runs() : 0,
                succeeded ? 1 : 0,
                failed ? outcome.runs() : 0,
                succeeded ? outcome.at() : null,
                isWell(result.status(), result) ? null : newRef(),
                RecentChanges.NONE);
    }

    /** Returns the verdict after one more outcome, still without the mark and the changes that it has when shown. */
    private Verdict next(RunOutcome outcome, CheckOptions options) {
        if (!outcome.isEvidence()) {
            return with(
                    outcome,
                    status == Status.DOWN ? Status.DOWN : outcome.result().status(),
                    outcome.result());
        }
        if (isWithoutEvidence()) {
            return with(outcome, outcome.result().status(), outcome.result());
        }
        if (outcome.failed()) {
            boolean enough = failures + outcome.runs() >= options.failureThreshold;
            return with(outcome, enough ? Status.DOWN : status, outcome.result());
        }
        if (status == Status.DOWN && successes + 1 < options.successThreshold) {
            String message = (successes + 1) + " of " + options.successThreshold + " good runs";
            return with(outcome, Status.DOWN, CheckResult.down(message).withReason("recovering"));
        }
        return with(outcome, outcome.result().status(), outcome.result());
    }

    /** Returns whether no outcome has counted yet, so that there is nothing to damp. */
    private boolean isWithoutEvidence() {
        return failures == 0 && successes == 0;
    }

    private Verdict with(RunOutcome outcome, Status shown, CheckResult explanation) {
        boolean failed = outcome.failed();
        boolean succeeded = outcome.isEvidence() && !failed;
        int failuresNow = succeeded ? 0 : failures + outcome.runs();
        boolean same = shown == status;
        return new Verdict(
                shown,
                explanation,
                outcome.durationNanos(),
                outcome.nanos(),
                outcome.at(),
                same ? since : outcome.at(),
                same ? sinceNanos : outcome.nanos(),
                failuresNow,
                failed ? 0 : successes + (succeeded ? 1 : 0),
                same ? failuresSince + (failed ? outcome.runs() : 0) : failuresNow,
                succeeded ? outcome.at() : lastSuccess,
                ref,
                changes);
    }

    private static boolean isWell(Status shown, CheckResult explanation) {
        return shown == Status.UP && explanation.reason() == null;
    }

    @Nullable
    String reason() {
        return result.reason();
    }

    /** Returns whether somebody has announced that the check is DOWN, so that it concerns nobody. */
    boolean isAnnounced() {
        return status == Status.DOWN && "maintenance".equals(reason());
    }

    /** Returns this verdict with another explanation. */
    Verdict shownWith(CheckResult explanation) {
        return shownAs(status, explanation, since, sinceNanos, ref, changes);
    }

    /** Returns this verdict without its mark, as nobody is told of it. */
    Verdict withoutRef() {
        return shownAs(status, result, since, sinceNanos, null, changes);
    }

    /**
     * Returns this verdict as one of which nobody has asked for {@code age}: nothing is known since {@code limit} after
     * its run.
     */
    Verdict pending(Status unknown, long limit, long age) {
        CheckResult explanation =
                CheckResult.down("not asked for " + Nanos.inWords(age)).withReason("pending");
        boolean same = unknown == status;
        Instant end = checkedAt == null ? null : checkedAt.plusNanos(limit);
        return shownAs(unknown, explanation, same ? since : end, same ? sinceNanos : nanos + limit, null, changes);
    }

    /** Returns this verdict as stale, which is told {@code at}. */
    Verdict stale(Duration limit, long at) {
        return tooOld(limit).shownAfter(this, at);
    }

    /** Returns this verdict as stale, of which nobody is told: its status has ended {@code limit} after its run. */
    Verdict tooOld(Duration limit) {
        CheckResult explanation = CheckResult.down("no run has ended for more than " + Nanos.inWords(Nanos.of(limit)))
                .withReason("stale");
        boolean down = status == Status.DOWN;
        Instant end = checkedAt == null ? null : checkedAt.plus(limit);
        return shownAs(
                Status.DOWN,
                explanation,
                down ? since : end,
                down ? sinceNanos : nanos + Nanos.of(limit),
                null,
                changes);
    }

    /** Returns this verdict for a check that was shown as {@code stale} before it. */
    Verdict following(Verdict stale) {
        boolean down = status == Status.DOWN;
        return shownAs(status, result, down ? stale.since : checkedAt, down ? stale.sinceNanos : nanos, ref, changes)
                .shownAfter(stale, nanos);
    }

    /** Returns this verdict with the mark and the changes that it has when it is shown after {@code shown}. */
    private Verdict shownAfter(Verdict shown, long at) {
        if (!differsFrom(shown)) {
            boolean same = Objects.equals(ref, shown.ref) && changes == shown.changes;
            return same ? this : shownAs(status, result, since, sinceNanos, shown.ref, shown.changes);
        }
        boolean well = isWell(status, result);
        String newRef = well && shown.ref != null ? shown.ref : newRef();
        RecentChanges all = shown.changes.and(at, shown.status == Status.DOWN, newRef);
        Flapping flapping = all.flapping();
        String shownRef = well ? null : flapping == null ? newRef : flapping.ref();
        return shownAs(status, result, since, sinceNanos, shownRef, all);
    }

    private Verdict shownAs(
            Status shown,
            CheckResult explanation,
            @Nullable Instant shownSince,
            long shownSinceNanos,
            @Nullable String shownRef,
            RecentChanges shownChanges) {
        return new Verdict(
                shown,
                explanation,
                durationNanos,
                nanos,
                checkedAt,
                shownSince,
                shownSinceNanos,
                failures,
                successes,
                failuresSince,
                lastSuccess,
                shownRef,
                shownChanges);
    }

    boolean differsFrom(@Nullable Verdict last) {
        return last == null || last.status != status || !Objects.equals(last.reason(), reason());
    }

    /** Returns whether a check that was DOWN before has now been so for one of the times that deserve a reminder. */
    boolean isReminderDueAfter(Verdict last) {
        if (status != Status.DOWN || last.status != Status.DOWN) {
            return false;
        }
        for (long reminder : REMINDERS) {
            if (last.nanos - sinceNanos < reminder && nanos - sinceNanos >= reminder) {
                return true;
            }
        }
        return false;
    }

    /** Returns six random characters: enough to find one line in the log of a few days. */
    private static String newRef() {
        return Long.toString(ThreadLocalRandom.current().nextLong(FIRST_REF, 36 * FIRST_REF), 36);
    }
}
