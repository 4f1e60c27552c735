package dev.healthcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The state of one check: its last verdict and the runs that have not ended. Immutable: each event in the life of a
 * check makes a new one. Knows no threads and no clock.
 *
 * <p>At most one run is {@code awaited}. A run that is found overdue is awaited no more and stands among the
 * {@code overdue} ones until it comes back, if ever. While the check is {@code stuck} on one of these, no run starts
 * but a replacement.
 *
 * @param report the last verdict; null before the first
 * @param stale the report that was given out since the last verdict became too old; null if there is none
 * @param validUntil until when the last verdict answers questions, unless a run is found overdue before
 * @param knownUntil until when it counts although nobody asks; not before {@code validUntil}
 * @param passed the verdict with which a startup check passed; null if it has not, or is none
 * @param awaited the run whose result will count
 * @param overdue runs that were given up and have not come back, the oldest first
 * @param stuck the overdue run that keeps the check from being run
 * @param notBefore when the next run may start at the earliest
 * @param dueAt when the next run is to start, if there is a schedule
 * @param replaceAt while stuck: when to try a replacement, or to say that there will be none
 */
record CheckState(
        @Nullable CheckReport report,
        @Nullable CheckReport stale,
        long validUntil,
        long knownUntil,
        @Nullable CheckReport passed,
        @Nullable Run awaited,
        List<Run> overdue,
        @Nullable Run stuck,
        long notBefore,
        long dueAt,
        long replaceAt) {

    /** A check costs at most so many threads that never come back. */
    static final int MOST_OVERDUE = 3;

    /** The time from the deadline of a hanging run to its first replacement; a DEGRADED deposit holds as long. */
    static final long REPLACE_AFTER = TimeUnit.SECONDS.toNanos(60);

    static CheckState initial(long now) {
        return new CheckState(null, null, now, now, null, null, List.of(), null, now, now, now);
    }

    /** Returns the verdict that answers a question without a run; null if there is none. */
    @Nullable
    CheckReport freshAt(long now) {
        return holds(validUntil, now) ? report : null;
    }

    /** Returns the verdict that tells the state of the check although nobody asks; null if there is none. */
    @Nullable
    CheckReport knownAt(long now) {
        return holds(knownUntil, now) ? report : null;
    }

    private boolean holds(long until, long now) {
        return until - now > 0 && stuck == null && !isOverdueAt(now);
    }

    /** Returns the last report that was given out: the last verdict, or that it is stale; null before the first. */
    @Nullable
    CheckReport shown() {
        return stale == null ? report : stale;
    }

    boolean isOverdueAt(long now) {
        return awaited != null && now - awaited.deadline() >= 0;
    }

    boolean mayStartAt(long now) {
        return awaited == null && stuck == null && now - notBefore >= 0;
    }

    /** Returns whether it is time for a replacement, or for the log line that there will be none. */
    boolean isReplacementDueAt(long now) {
        return stuck != null && awaited == null && now - replaceAt >= 0;
    }

    /**
     * Returns whether a replacement may start while {@code lost} threads are lost besides those of the overdue runs.
     */
    boolean mayReplace(int lost) {
        return overdue.size() + lost < MOST_OVERDUE;
    }

    /**
     * Returns what the newest overdue run had deposited; null if nothing. That of a replacement counts only if it is
     * DOWN, as the others have been overdue for more than a minute.
     */
    @Nullable
    CheckResult explanation() {
        for (int i = overdue.size() - 1; i >= 0; i--) {
            CheckResult missed = overdue.get(i).missed();
            if (missed == null || missed.status() == Status.DOWN || overdue.get(i) == stuck) {
                return missed;
            }
        }
        return null;
    }

    CheckState due(long at) {
        return new CheckState(
                report, stale, validUntil, knownUntil, passed, awaited, overdue, stuck, notBefore, at, replaceAt);
    }

    CheckState started(Run run) {
        return new CheckState(
                report, stale, validUntil, knownUntil, passed, run, overdue, stuck, notBefore, dueAt, replaceAt);
    }

    /** The awaited run has ended in time: whatever else hangs, the check can be run. */
    CheckState ended(Transition now) {
        return new CheckState(
                now.report,
                null,
                now.validUntil,
                now.knownUntil,
                now.passed,
                null,
                overdue,
                null,
                now.notBefore,
                now.dueAt,
                replaceAt);
    }

    /** The awaited run has got no thread in time, and will get none. */
    CheckState notBegun(Transition now) {
        return new CheckState(
                now.report,
                null,
                now.validUntil,
                now.knownUntil,
                now.passed,
                null,
                overdue,
                stuck,
                now.notBefore,
                now.dueAt,
                stuck == null ? replaceAt : now.report.verdict().nanos() + patience(overdue.size()));
    }

    /** The awaited run has not ended in time. */
    CheckState timedOut(Run run, Transition now) {
        List<Run> all = new ArrayList<>(overdue);
        all.add(run);
        boolean blocked = !run.isOnStage() || all.size() == MOST_OVERDUE;
        return new CheckState(
                now.report,
                null,
                now.validUntil,
                now.knownUntil,
                now.passed,
                null,
                List.copyOf(all),
                stuck == null && blocked ? run : stuck,
                now.notBefore,
                now.dueAt,
                run.deadline() + patience(all.size()));
    }

    /** Returns the time from the last deadline to the next replacement while {@code overdue} runs hang. */
    private static long patience(int overdue) {
        return REPLACE_AFTER << (overdue - 1);
    }

    /** The last verdict is too old, and {@code notified} is given out instead. */
    CheckState stale(CheckReport notified) {
        return new CheckState(
                report, notified, validUntil, knownUntil, passed, awaited, overdue, stuck, notBefore, dueAt, replaceAt);
    }

    /** The run on which the check is stuck has lasted another timeout. */
    CheckState recounted(CheckReport verdict, long known) {
        return new CheckState(
                verdict, null, validUntil, known, passed, awaited, overdue, stuck, notBefore, dueAt, replaceAt);
    }

    /**
     * An overdue run has come back: whatever else hangs, the check can be run again. A schedule that goes on does so.
     */
    CheckState cameBack(Run run, long nextDueAt) {
        List<Run> others = new ArrayList<>(overdue);
        others.remove(run);
        long due = stuck == null ? dueAt : Nanos.later(nextDueAt, notBefore);
        return new CheckState(
                report, stale, validUntil, knownUntil, passed, awaited, others, null, notBefore, due, replaceAt);
    }

    /** The registry tries no replacement before {@code at}. */
    CheckState withoutReplacement(long at) {
        return new CheckState(
                report, stale, validUntil, knownUntil, passed, awaited, overdue, stuck, notBefore, dueAt, at);
    }

    /** A new verdict and what follows from it. */
    record Transition(
            CheckReport report,
            @Nullable CheckReport passed,
            long validUntil,
            long knownUntil,
            long notBefore,
            long dueAt) {}
}
