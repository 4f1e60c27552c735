package dev.healthcheck;

import dev.healthcheck.CheckReport.Subject;
import dev.healthcheck.CheckState.Transition;
import org.jspecify.annotations.Nullable;

/**
 * Judges what the runs of a check have come to: functions of its options and of its state, but for jitter and
 * {@code ref}. Changes nothing. Immutable.
 */
final class Judge {
    private final Subject subject;
    private final CheckOptions options;
    private final Schedule schedule;

    Judge(Subject subject, CheckOptions options, Schedule schedule) {
        this.subject = subject;
        this.options = options;
        this.schedule = schedule;
    }

    /**
     * Returns the verdict after {@code outcome}, and what follows from it; no run may start before {@code notBefore}.
     */
    Transition transition(CheckState state, RunOutcome outcome, long notBefore) {
        CheckReport last = state.report();
        CheckReport notified = state.stale();
        Verdict verdict = Verdict.after(last == null ? null : last.verdict(), outcome, options);
        boolean well = outcome.isEvidence() && verdict.status() != Status.DOWN;
        boolean required = isRequired(last) && !(well && options.isRequiredToStart());
        CheckReport report =
                new CheckReport(subject, notified == null ? verdict : verdict.following(notified.verdict()), required);
        CheckReport passed = well && isStarting(state) ? report : state.passed();
        if (passed != null && options.probes.size() == 1) {
            long never = outcome.nanos() + Nanos.FOREVER; // it has passed, and there is nothing else to run it for
            return new Transition(report, passed, never, never, never, never);
        }
        long validUntil = schedule.validUntil(outcome, notBefore);
        long dueAt = Nanos.later(outcome.nanos() + schedule.interval(outcome.failed()), notBefore);
        long knownUntil = schedule.knownUntil(last, outcome.nanos(), validUntil);
        return new Transition(report, passed, validUntil, knownUntil, notBefore, dueAt);
    }

    /** Returns whether DOWN makes a report DOWN after the verdict of {@code last}, or before the first if it is null. */
    boolean isRequired(@Nullable CheckReport last) {
        return last == null ? options.startsRequired() : last.required();
    }

    private boolean isStarting(CheckState state) {
        return state.passed() == null && options.probes.contains(Probe.STARTUP);
    }

    /** Returns the outcome of a run that has ended in time. */
    RunOutcome ended(RunOutcome ended) {
        boolean slow = options.slowAfter != null
                && ended.result().status() == Status.UP
                && ended.durationNanos() > Nanos.of(options.slowAfter);
        return slow ? ended.slow() : ended;
    }

    /**
     * Returns the outcome of {@code run}, which has not ended at its deadline.
     *
     * @param deposit the result that the run has deposited; null if none
     * @param begun whether it has got a thread
     */
    RunOutcome missed(CheckState state, Run run, @Nullable CheckResult deposit, boolean begun, TimePoint now) {
        boolean replacement = state.stuck() != null;
        CheckResult result = deposit == null ? timeoutResult() : deposit;
        boolean evidence = result.status() == Status.DOWN || replacement;
        if (replacement && (!begun || result.status() == Status.DEGRADED)) {
            result = overdueResult(state);
        }
        return new RunOutcome(result, schedule.timeout(), run.deadline(), now.date(), evidence ? 1 : 0);
    }

    /** Returns the report on a check whose overdue run the timer has not noticed yet. Log and listeners are not told. */
    CheckReport unjudged(CheckState state, Run overdue, TimePoint now) {
        RunOutcome outcome = missed(state, overdue, overdue.until().missed(), true, now);
        return untold(state, transition(state, outcome, overdue.deadline()).report());
    }

    /** Returns {@code last}, or what follows if the stuck run has lasted one more timeout, of which nobody is told. */
    CheckReport uncounted(CheckState state, CheckReport last, TimePoint now) {
        CheckReport next = recount(state, now);
        return next == null ? last : untold(state, next);
    }

    /** Returns {@code next} without a mark that the log does not have. */
    private CheckReport untold(CheckState state, CheckReport next) {
        CheckReport shown = state.shown();
        Verdict verdict = next.verdict();
        boolean told = shown != null && !verdict.differsFrom(shown.verdict());
        return told ? next : new CheckReport(subject, verdict.withoutRef(), next.required());
    }

    /** Returns the outcome of a replacement that got no thread: the stuck run is overdue as before. */
    RunOutcome notReplaced(CheckState state, RunOutcome refused) {
        return new RunOutcome(overdueResult(state), refused.durationNanos(), refused.nanos(), refused.at(), 1);
    }

    /** Returns the report after a stuck run has lasted one more timeout, or several; null if it has not. */
    @Nullable
    CheckReport recount(CheckState state, TimePoint now) {
        CheckReport last = state.report();
        Run stuck = state.stuck();
        if (last == null || stuck == null || state.awaited() != null) {
            return null;
        }
        long counted = schedule.countedUntil(last, stuck);
        int more = (int) Math.min(Integer.MAX_VALUE / 2, (now.nanos() - counted) / schedule.timeout());
        if (more <= 0) {
            return null;
        }
        RunOutcome outcome = new RunOutcome(
                overdueResult(state),
                now.nanos() - stuck.askedAt(),
                counted + more * schedule.timeout(),
                now.date(),
                more);
        return new CheckReport(subject, Verdict.after(last.verdict(), outcome, options), last.required());
    }

    /** Returns the result while no run has ended for a minute or more. */
    private CheckResult overdueResult(CheckState state) {
        CheckResult explanation = state.explanation();
        if (explanation == null) {
            return timeoutResult();
        }
        return explanation.status() == Status.DOWN
                ? explanation
                : CheckResult.down(noAnswer() + " and the minute after that").withReason("stuck");
    }

    private CheckResult timeoutResult() {
        return CheckResult.down(noAnswer()).withReason("timeout");
    }

    private String noAnswer() {
        return "no answer within " + Nanos.inWords(schedule.timeout());
    }
}
