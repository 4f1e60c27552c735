package dev.healthcheck;

import dev.healthcheck.CheckReport.Subject;
import dev.healthcheck.CheckState.Judgement;
import dev.healthcheck.Question.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A check, what is going on with it, and who waits for it. Its state is replaced, and the change told to log, listeners
 * and waiting questions, under one lock, which is never held while foreign code runs. Readers of a fresh verdict take
 * no lock.
 */
final class RegisteredCheck {
    private static final long FAILING_INTERVAL = TimeUnit.SECONDS.toNanos(5);

    /** As a point in time: none. */
    private static final long NEVER = Long.MIN_VALUE;

    private final Engine engine;
    private final Subject subject;
    private final HealthCheck check;
    private final CheckOptions options;
    private final String threadName;
    private final @Nullable ClassLoader contextClassLoader =
            Thread.currentThread().getContextClassLoader();
    private final long timeout;
    private final Object lock = new Object();

    /** Written under the lock. */
    private volatile CheckState state;

    /** Written under the lock. */
    private volatile boolean gone;

    // guarded by lock
    private final Set<Slot> waiting = new HashSet<>(0);
    private Timer.@Nullable Wakeup wakeup;
    private long wakeAt;

    RegisteredCheck(String name, HealthCheck check, CheckOptions options, Engine engine) {
        this.engine = engine;
        this.check = check;
        this.options = options;
        subject = new Subject(name, options.required, new History());
        threadName = "healthcheck-" + name;
        timeout = Nanos.of(options.timeout);
        state = CheckState.initial(engine.nanos());
    }

    String name() {
        return subject.name();
    }

    HealthCheck check() {
        return check;
    }

    String threadName() {
        return threadName;
    }

    @Nullable
    ClassLoader contextClassLoader() {
        return contextClassLoader;
    }

    boolean belongsTo(Probe probe) {
        return options.probes.contains(probe);
    }

    /** The verdict that answers {@code probe} as it is; null if the check has to be asked. */
    @Nullable
    CheckReport fresh(@Nullable Probe probe, long now) {
        CheckState current = state;
        CheckReport passed = passed(probe, current);
        return passed == null ? current.freshAt(now) : passed;
    }

    /** With what it has passed, if that is what is asked for: startup is passed for good. */
    private static @Nullable CheckReport passed(@Nullable Probe probe, CheckState current) {
        return probe == Probe.STARTUP ? current.passed() : null;
    }

    /** Whether it keeps the application from having started. */
    boolean isStarting() {
        return options.required && belongsTo(Probe.STARTUP) && state.passed() == null;
    }

    /** The last verdict, however old, that answers {@code probe}; {@code pending} if there is none. */
    CheckReport last(@Nullable Probe probe, Status pending) {
        CheckState current = state;
        CheckReport passed = passed(probe, current);
        return passed == null ? last(pending) : passed;
    }

    private CheckReport last(Status pending) {
        CheckReport report = state.report();
        return report == null ? pending(pending) : report;
    }

    /** When no run has ended in time, or none will: who is being removed leaves what was last known. */
    CheckReport unanswered(Status pending) {
        return isGone() ? last(pending) : pending(pending);
    }

    private CheckReport pending(Status status) {
        return new CheckReport(subject, Verdict.none(status, "pending", "no run has ended yet"));
    }

    boolean isScheduled() {
        return options.every != null;
    }

    /** Begins the schedule with a first run that much later. */
    void schedule(long delayNanos) {
        synchronized (lock) {
            state = state.due(engine.nanos() + delayNanos);
            arm();
        }
    }

    /** Answers in {@code slot}, at once or when a run has ended; {@code anew}: no verdict at hand is an answer. */
    void ask(Slot slot, boolean anew, Moment now) {
        synchronized (lock) {
            settle(now);
            CheckReport answer = answer(anew, now.nanos());
            if (gone) {
                slot.noAnswer();
            } else if (answer != null) {
                slot.answer(answer);
            } else {
                waiting.add(slot);
                if (state.mayStartAt(now.nanos()) && (anew || !isScheduled())) {
                    start(now);
                }
                arm();
            }
        }
    }

    boolean isGone() {
        return gone;
    }

    /** Runs and waits until that is judged, be it overdue. */
    CheckReport runNow() {
        Question question = new Question(new RegisteredCheck[] {this}, new CheckReport[1]);
        question.ask(true, engine.now());
        question.await(timeout, engine.ticker());
        return question.answers(Status.DOWN, engine.now())[0];
    }

    /** The question is over: answers it if that can be done now, and not any more later. */
    void forget(Slot slot, Moment now) {
        synchronized (lock) {
            settle(now);
            waiting.remove(slot);
        }
    }

    /** A run has ended by itself, perhaps too late; {@code wantsRuns}: somebody wants to know of each. */
    void ended(Run run, CheckResult result, long durationNanos, boolean wantsRuns) {
        Moment now = engine.now();
        synchronized (lock) {
            if (state.awaited() == run && !gone) {
                judge(result, durationNanos, now, wantsRuns);
            } else {
                settle(now);
                drop(run, now);
            }
            arm();
        }
    }

    /** A run is over without a result: there was no thread for it in time. */
    void cameBack(Run run) {
        Moment now = engine.now();
        synchronized (lock) {
            settle(now);
            drop(run, now);
            arm();
        }
    }

    /** Ends it all. Whoever waits gets no answer. Idempotent. */
    void remove() {
        List<Run> runs = new ArrayList<>();
        synchronized (lock) {
            if (gone) {
                return;
            }
            gone = true;
            if (state.awaited() != null) {
                runs.add(state.awaited());
            }
            runs.addAll(state.overdue());
            if (wakeup != null) {
                wakeup.cancel();
            }
            waiting.forEach(Slot::noAnswer);
            waiting.clear();
        }
        runs.forEach(this::giveUp);
        if (check instanceof AutoCloseable closeable) {
            engine.soon(() -> close(closeable));
        }
    }

    private @Nullable CheckReport answer(boolean anew, long now) {
        CheckState current = state;
        CheckReport last = current.report();
        if (last == null) {
            return null;
        }
        if (current.stuck() != null) {
            return last.stuck(current.stuck(), explanation(current) != null, now);
        }
        if (anew) {
            return current.awaited() != null || current.mayStartAt(now) ? null : last;
        }
        CheckReport fresh = current.freshAt(now);
        return fresh == null && isScheduled() ? last.stale(staleAfter()) : fresh;
    }

    private void wake() {
        Moment now = engine.now();
        synchronized (lock) {
            wakeup = null;
            if (gone) {
                return;
            }
            settle(now);
            if (state.isReplacementDueAt(now.nanos())) {
                replace(now);
            } else if (isScheduled() && state.mayStartAt(now.nanos()) && now.nanos() - state.dueAt() >= 0) {
                start(now);
            }
            arm();
        }
    }

    /** Makes the state one of now: what is overdue is found so, whoever looks first. */
    private void settle(Moment now) {
        if (gone) {
            return;
        }
        if (state.isOverdueAt(now.nanos())) {
            timeOut(now);
        }
        recount(now);
    }

    private void start(Moment now) {
        Run run = new Run(this, engine, now.nanos(), now.nanos() + timeout);
        state = state.started(run);
        try {
            engine.start(run);
        } catch (RejectedExecutionException e) {
            judge(CheckResult.down(e).withReason("rejected"), 0, now, true);
        }
    }

    private void replace(Moment now) {
        Run lost = state.overdue().get(state.overdue().size() - 1);
        engine.events().threadLost(name(), lost, state.mayReplace());
        if (state.mayReplace()) {
            start(now);
        } else {
            state = state.withoutReplacement(now.nanos());
        }
    }

    /** The awaited run has ended in time. */
    private void judge(CheckResult found, long durationNanos, Moment now, boolean wantsRuns) {
        boolean slow =
                options.slowAfter != null && found.status() == Status.UP && durationNanos > Nanos.of(options.slowAfter);
        CheckResult result = slow ? found.slow() : found;
        Outcome outcome = new Outcome(result, durationNanos, now.nanos(), now.date(), 1);
        CheckReport last = state.report();
        Judgement judgement = judgement(outcome, now.nanos());
        state = state.ended(judgement);
        tell(last, judgement.report(), outcome, 0, wantsRuns);
    }

    private void timeOut(Moment now) {
        Run run = Objects.requireNonNull(state.awaited());
        Outcome outcome = missed(run, now);
        CheckReport last = state.report();
        long notBefore = run.holdsThread() ? run.deadline() : run.deadline() + timeout;
        Judgement judgement = judgement(outcome, notBefore);
        state = state.timedOut(run, judgement);
        tell(last, judgement.report(), outcome, now.nanos() - run.deadline(), true);
        giveUp(run);
    }

    /** What it means that {@code run} has not ended at its deadline. */
    private Outcome missed(Run run, Moment now) {
        CheckResult missed = run.miss();
        CheckResult result = missed == null ? timeoutResult() : missed;
        boolean evidence = result.status() == Status.DOWN || state.stuck() != null;
        if (result.status() == Status.DEGRADED && evidence) {
            result = overdueResult();
        }
        return new Outcome(result, timeout, run.deadline(), now.date(), evidence ? 1 : 0);
    }

    /** What it means that no run has ended for a minute or more. */
    private CheckResult overdueResult() {
        CheckResult explanation = explanation(state);
        if (explanation == null) {
            return timeoutResult();
        }
        return explanation.status() == Status.DOWN
                ? explanation
                : CheckResult.down("no answer within " + Nanos.inWords(timeout) + " and the minute after that")
                        .withReason("stuck");
    }

    /**
     * What the newest overdue run had deposited; null if nothing. That of a replacement counts only if it is DOWN, as
     * the others have been overdue for more than a minute.
     */
    private static @Nullable CheckResult explanation(CheckState current) {
        List<Run> overdue = current.overdue();
        for (int i = overdue.size() - 1; i >= 0; i--) {
            CheckResult missed = overdue.get(i).missed();
            if (missed == null || missed.status() == Status.DOWN || overdue.get(i) == current.stuck()) {
                return missed;
            }
        }
        return null;
    }

    /** A run that is stuck fails once more for each further timeout. */
    private void recount(Moment now) {
        CheckReport last = state.report();
        Run stuck = state.stuck();
        if (last == null || stuck == null || state.awaited() != null) {
            return;
        }
        long counted = countedUntil(last, stuck);
        int more = (int) Math.min(Integer.MAX_VALUE / 2, (now.nanos() - counted) / timeout);
        if (more > 0) {
            Outcome outcome = new Outcome(
                    overdueResult(), now.nanos() - stuck.askedAt(), counted + more * timeout, now.date(), more);
            CheckReport report = new CheckReport(subject, Verdict.after(last.verdict(), outcome, options));
            state = state.recounted(report);
            tellChange(last, report, 0);
        }
    }

    /** The point in time up to which the timeouts of an overdue run are counted, or need not be. */
    private long countedUntil(CheckReport last, Run stuck) {
        long counted = last.verdict().nanos();
        CheckResult missed = stuck.missed();
        return missed == null || missed.status() == Status.DOWN
                ? counted
                : Nanos.later(counted, stuck.deadline() + CheckState.REPLACE_AFTER - timeout);
    }

    private void drop(Run run, Moment now) {
        if (!gone && state.overdue().contains(run)) {
            state = state.cameBack(run, now.nanos() + interval(true));
        }
    }

    private Judgement judgement(Outcome outcome, long notBefore) {
        CheckReport last = state.report();
        Verdict verdict = Verdict.after(last == null ? null : last.verdict(), outcome, options);
        CheckReport report = new CheckReport(subject, verdict);
        boolean passes = state.passed() == null
                && belongsTo(Probe.STARTUP)
                && outcome.isEvidence()
                && verdict.status() != Status.DOWN;
        CheckReport passed = passes ? report : state.passed();
        if (passed != null && options.probes.size() == 1) {
            long never = outcome.nanos() + Nanos.FOREVER; // it has passed, and there is nothing else to run it for
            return new Judgement(report, passed, never, never, never);
        }
        long validUntil = isScheduled()
                ? outcome.nanos() + Nanos.of(staleAfter())
                : Nanos.later(outcome.nanos() + Nanos.of(options.cacheFor), notBefore);
        long dueAt = Nanos.later(outcome.nanos() + interval(outcome.failed()), notBefore);
        return new Judgement(report, passed, validUntil, notBefore, dueAt);
    }

    private void tell(
            @Nullable CheckReport last, CheckReport report, Outcome outcome, long lateNanos, boolean wantsRuns) {
        subject.history().add(outcome);
        tellChange(last, report, lateNanos);
        if (wantsRuns) {
            engine.events().ran(report);
        }
        waiting.forEach(slot -> slot.answer(report));
        waiting.clear();
    }

    private void tellChange(@Nullable CheckReport last, CheckReport report, long lateNanos) {
        Verdict before = last == null ? null : last.verdict();
        Verdict after = report.verdict();
        if (after.differsFrom(before)) {
            StatusChange change = change(before, report);
            subject.history().add(change);
            engine.events().changed(change, before, report, lateNanos);
        } else if (before != null && ChangeLog.isReminderDue(before, after)) {
            engine.events().stillDown(report);
        }
    }

    private static StatusChange change(@Nullable Verdict before, CheckReport report) {
        return new StatusChange(
                report.name(),
                before == null ? null : before.status(),
                report.status(),
                report.reason(),
                Objects.requireNonNull(report.checkedAt()),
                report.ref(),
                report.message(),
                report.error(),
                report.cause());
    }

    private CheckResult timeoutResult() {
        return CheckResult.down("no answer within " + Nanos.inWords(timeout)).withReason("timeout");
    }

    private void giveUp(Run run) {
        engine.soon(() -> run.giveUp(options.interruptOnTimeout));
    }

    private void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Throwable t) { // what a check does when it is closed is nobody else's problem
            engine.events().say(log -> log.warn("{}: closing the check failed", name(), t));
        }
    }

    /** Until the next scheduled run; a failing check is looked at more often. */
    private long interval(boolean failing) {
        if (options.every == null) {
            return 0;
        }
        long every = Nanos.of(options.every);
        return engine.timer().jittered(failing ? Math.min(every, FAILING_INTERVAL) : every);
    }

    private Duration staleAfter() {
        long every = Nanos.of(Objects.requireNonNull(options.every));
        return Duration.ofNanos(every).multipliedBy(3).plusNanos(timeout);
    }

    /** Sees to it that {@link #wake} is called when time alone changes something; an earlier call does no harm. */
    private void arm() {
        long at = wakeTime();
        long delay = at - engine.nanos();
        if (gone || at == NEVER || delay >= Nanos.FOREVER / 2 || (wakeup != null && wakeAt - at <= 0)) {
            return;
        }
        if (wakeup != null) {
            wakeup.cancel();
        }
        wakeAt = at;
        wakeup = engine.timer().schedule(Math.max(0, delay), this::wake);
    }

    private long wakeTime() {
        CheckState current = state;
        if (current.awaited() != null) {
            return current.awaited().deadline();
        }
        CheckReport last = current.report();
        if (current.stuck() != null && last != null) {
            long count = countedUntil(last, current.stuck()) + timeout;
            boolean counts = last.status() != Status.DOWN && count - current.replaceAt() < 0;
            return counts ? count : current.replaceAt();
        }
        return isScheduled() ? current.dueAt() : NEVER;
    }
}
