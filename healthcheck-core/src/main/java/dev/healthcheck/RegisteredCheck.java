package dev.healthcheck;

import dev.healthcheck.CheckReport.Subject;
import dev.healthcheck.CheckState.Transition;
import dev.healthcheck.PendingAnswers.Slot;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A check, what is going on with it, and who waits for it. Its state is replaced, and the change told to log, listeners
 * and waiting questions, under one lock, which is never held while foreign code runs. Readers of a fresh verdict take
 * no lock.
 *
 * <p>Whatever happens outside (a run ends, time passes, somebody asks) only makes somebody {@linkplain #look look}; what
 * follows from it is found out by looking. So an Error costs a look, which the next one makes good: at the latest the
 * alarm's, which takes no memory to be set.
 */
final class RegisteredCheck implements Run.Owner {
    private final RegistryContext context;
    private final Subject subject;
    private final Run.Call call;
    private final CheckOptions options;
    private final Schedule schedule;
    private final Judge judge;
    private final long timeout;
    private final Timer.Alarm alarm;
    private final Object lock = new Object();

    /** Written under the lock. */
    private volatile CheckState state;

    /** Written under the lock. */
    private volatile boolean removed;

    // guarded by lock
    private final Set<Slot> waiting = new HashSet<>(0);
    private boolean firstRunPlanned;
    /** Whether a thread is busy with giving up a run, which takes as long as an interrupt may. */
    private boolean givingUp;

    RegisteredCheck(String name, HealthCheck check, CheckOptions options, RegistryContext context) {
        this.context = context;
        this.options = options;
        subject = new Subject(name, options.required, new History());
        ClassLoader contextClassLoader = Thread.currentThread().getContextClassLoader();
        call = new Run.Call(name, "healthcheck-" + name, check, contextClassLoader, new Backlog());
        schedule = new Schedule(options, context.timer()::jittered);
        judge = new Judge(subject, options, schedule);
        timeout = Nanos.of(options.timeout);
        alarm = context.alarm(this::look);
        state = CheckState.initial(context.nanos());
    }

    String name() {
        return subject.name();
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

    private CheckReport pending(Status status) {
        return unasked(status, "no run has ended yet");
    }

    /** Answer of a check of which nothing is known, for the reason that {@code message} gives. */
    CheckReport unasked(Status status, String message) {
        return new CheckReport(subject, Verdict.none(status, "pending", message));
    }

    boolean isScheduled() {
        return schedule.isRegular();
    }

    /** Begins the schedule with a first run that much later. */
    void schedule(long delayNanos) {
        synchronized (lock) {
            if (!removed) {
                firstRunPlanned = true;
                state = state.due(context.nanos() + delayNanos);
                arm();
            }
        }
    }

    /** Answers in {@code slot}, at once or when a run has ended; {@code forceRun}: no verdict at hand is an answer. */
    void ask(Slot slot, boolean forceRun, TimePoint now) {
        synchronized (lock) {
            settle(now);
            CheckReport answer = isAskingItself() ? asksItself() : answer(forceRun, now.nanos());
            if (removed) {
                slot.noAnswer(null);
            } else if (answer != null) {
                slot.answer(answer, null);
            } else {
                waiting.add(slot);
                if (state.mayStartAt(now.nanos())) {
                    start(now, forceRun);
                }
                arm();
            }
        }
    }

    @Override
    public boolean isRemoved() {
        return removed;
    }

    /** Whether a run goes on although its deadline has passed. */
    boolean isOverdue() {
        return !state.overdue().isEmpty();
    }

    /** Runs and waits until that is judged, be it overdue. */
    CheckReport runNow() {
        EnoughStack.require();
        PendingAnswers question = new PendingAnswers(null, new RegisteredCheck[] {this}, new CheckReport[1]);
        TimePoint now = context.now();
        question.ask(true, now, now.nanos() + timeout, context);
        question.await(timeout, context.ticker());
        return question.answers(Status.DOWN, context.now())[0];
    }

    /** The question is over: returns the answer that can be given now. None is given in {@code slot} any more. */
    CheckReport conclude(Slot slot, @Nullable Probe probe, Status pending, TimePoint now) {
        synchronized (lock) {
            settle(now);
            waiting.remove(slot);
            CheckReport given = slot.given();
            return given == null ? known(probe, pending, now) : given;
        }
    }

    private CheckReport known(@Nullable Probe probe, Status pending, TimePoint now) {
        CheckReport fresh = removed ? last(probe, pending) : answer(false, now.nanos());
        if (fresh != null) {
            return fresh;
        }
        if (!isScheduled() || state.report() == null) {
            return pending(pending);
        }
        return probe == Probe.LIVENESS ? last(pending) : stale(state.report(), now);
    }

    /** Finds out what has happened by now, and does what is to be done. Never throws: it is looked again soon. */
    void look() {
        look(null);
    }

    /** As {@link #look()}; {@code known}: now, where nobody may be asked for the date. */
    @Override
    public void look(@Nullable TimePoint known) {
        try {
            TimePoint now = known == null ? context.now() : known;
            synchronized (lock) {
                settle(now);
                startIfDue(now);
                arm();
            }
        } catch (Throwable t) { // for want of memory
            context.sayTrouble(t);
            alarm.callBy(context.nanos() + RegistryContext.RETRY_AFTER);
        }
    }

    /** It is not registered after all. */
    void discard() {
        synchronized (lock) {
            removed = true;
            alarm.close();
        }
    }

    /** Ends it all. Whoever waits gets no answer. Idempotent. Never throws. */
    void remove() {
        CheckState last;
        synchronized (lock) {
            if (removed) {
                return;
            }
            removed = true;
            last = state;
            firstRunIsOver();
            alarm.close();
            answerAll(null);
        }
        if (last.awaited() != null) {
            giveUpForGood(last.awaited());
        }
        last.overdue().forEach(this::giveUpForGood);
        if (call.check() instanceof AutoCloseable closeable) {
            context.soonOrNow(() -> close(closeable));
        }
    }

    private void giveUpForGood(Run run) {
        synchronized (lock) {
            if (run.isGiveUpAsked()) {
                return;
            }
            run.giveUpAsked();
        }
        context.soonOrNow(() -> run.giveUp(options.interruptOnTimeout));
    }

    private @Nullable CheckReport answer(boolean forceRun, long now) {
        CheckState current = state;
        CheckReport last = current.report();
        if (last == null) {
            return null;
        }
        if (current.stuck() != null) {
            Run stuck = current.stuck();
            return last.stuck(now - stuck.askedAt(), current.explanation() != null, stuck.stack());
        }
        if (forceRun) {
            return current.awaited() != null || current.mayStartAt(now) ? null : last;
        }
        return current.freshAt(now);
    }

    /** Whether it is the run in progress that asks, and would wait for itself. */
    private boolean isAskingItself() {
        Run awaited = state.awaited();
        return awaited != null && awaited.isOn(Thread.currentThread());
    }

    private CheckReport asksItself() {
        String message = "the check asked its own registry for itself, while it was running";
        return new CheckReport(subject, Verdict.none(Status.DOWN, "asks-itself", message));
    }

    /** Makes the state one of now: what has ended or is overdue is found so, whoever looks first. */
    private void settle(TimePoint now) {
        if (removed) {
            return;
        }
        Run awaited = state.awaited();
        if (awaited != null && awaited.hasEnded()) {
            judge(awaited.outcome(now.date()), !awaited.isRefused(), awaited.isWanted());
        } else if (state.isOverdueAt(now.nanos())) {
            timeOut(now);
        }
        recount(now);
        for (Run run : state.overdue()) {
            if (run.hasEnded() || run.revoke()) {
                state = state.cameBack(run, now.nanos() + schedule.interval(true));
            } else if (!run.isGiveUpAsked() && !givingUp) {
                giveUpSoon(run);
            }
        }
    }

    private void startIfDue(TimePoint now) {
        if (removed) {
            return;
        }
        if (state.isReplacementDueAt(now.nanos())) {
            replace(now);
        } else if (isScheduled() && state.mayStartAt(now.nanos()) && now.nanos() - state.dueAt() >= 0) {
            start(now, false);
        }
    }

    private void start(TimePoint now, boolean forced) {
        CheckState before = state;
        Run run = new Run(this, call, context, now.nanos(), now.nanos() + timeout, forced);
        firstRunIsOver();
        state = before.started(run);
        try {
            context.launcher().launch(run);
        } catch (Throwable t) { // no thread, no memory, no stack
            if (run.revoke()) {
                state = before;
                CheckResult rejected = CheckResult.down(t).withReason("rejected");
                judge(new RunOutcome(rejected, 0, now.nanos(), now.date(), 1), false, true);
            }
        }
    }

    private void firstRunIsOver() {
        if (firstRunPlanned) {
            firstRunPlanned = false;
            context.firstRunIsOver();
        }
    }

    private void replace(TimePoint now) {
        Run lost = state.overdue().get(state.overdue().size() - 1);
        boolean mayReplace = state.mayReplace(givingUp ? 1 : 0);
        if (lost.sayLoss()) {
            context.events().threadLost(name(), lost.isOnStage(), lost.stack(), mayReplace);
        }
        if (mayReplace) {
            start(now, false);
        } else {
            boolean never = !state.mayReplace(0);
            state = state.withoutReplacement(now.nanos() + (never ? Nanos.FOREVER : CheckState.REPLACE_AFTER));
        }
    }

    /** The awaited run has ended in time; {@code begun}: not because there was no thread for it. */
    private void judge(RunOutcome ended, boolean begun, boolean wantsRuns) {
        if (begun || state.stuck() == null) {
            RunOutcome outcome = judge.ended(ended);
            Transition transition = judge.transition(state, outcome, outcome.nanos());
            become(state.ended(transition), outcome, 0, wantsRuns);
        } else { // the next replacement is tried as late as this one
            RunOutcome outcome = judge.notReplaced(state, ended);
            Transition transition = judge.transition(state, outcome, outcome.nanos());
            become(state.notBegun(transition), outcome, 0, true);
        }
    }

    private void timeOut(TimePoint now) {
        Run run = Objects.requireNonNull(state.awaited());
        boolean begun = !run.revoke();
        RunOutcome outcome = judge.missed(state, run, run.miss(), begun, now);
        long notBefore = run.isOnStage() ? run.deadline() + timeout : run.deadline();
        Transition transition = judge.transition(state, outcome, notBefore);
        CheckState next = begun ? state.timedOut(run, transition) : state.notBegun(transition);
        become(next, outcome, now.nanos() - run.deadline(), true);
    }

    /** A run that is stuck fails once more for each further timeout. */
    private void recount(TimePoint now) {
        CheckReport last = state.report();
        CheckReport report = judge.recount(state, now);
        if (report != null) {
            state = state.recounted(report);
            tellIfPossible(last, report, now);
        }
    }

    /** Replaces the state after a run and tells of it. */
    private void become(CheckState next, RunOutcome outcome, long lateNanos, boolean wantsRuns) {
        CheckReport shown = state.shown();
        state = next;
        tell(shown, Objects.requireNonNull(next.report()), outcome, lateNanos, wantsRuns);
    }

    private void tellIfPossible(@Nullable CheckReport last, CheckReport report, TimePoint now) {
        try {
            tellChange(last, report, now.date(), 0);
        } catch (Throwable t) {
            context.sayTrouble(t);
        }
    }

    /** The verdict is too old, and somebody is told so: the first time since it became that, log and listeners as well. */
    private CheckReport stale(CheckReport last, TimePoint now) {
        CheckReport notified = state.stale();
        if (notified != null) {
            return notified;
        }
        CheckReport stale = last.stale(schedule.staleAfter());
        state = state.stale(stale);
        tellIfPossible(last, stale, now);
        return stale;
    }

    /** Never throws: a verdict stands and answers, although it may be told nobody else for want of memory. */
    private void tell(
            @Nullable CheckReport shown, CheckReport report, RunOutcome outcome, long lateNanos, boolean wantsRuns) {
        try {
            subject.history().add(outcome);
        } catch (Throwable t) {
            context.sayTrouble(t);
        }
        try {
            tellChange(shown, report, outcome.at(), lateNanos);
        } catch (Throwable t) {
            context.sayTrouble(t);
        }
        if (wantsRuns) {
            context.events().ran(report);
        }
        answerAll(report);
    }

    private void tellChange(@Nullable CheckReport shown, CheckReport report, Instant at, long lateNanos) {
        Verdict before = shown == null ? null : shown.verdict();
        Verdict after = report.verdict();
        if (after.differsFrom(before)) {
            StatusChange change = report.changeFrom(before, at);
            subject.history().add(change);
            context.events().changed(change, before, report, lateNanos);
        } else if (before != null && after.isReminderDueAfter(before)) {
            context.events().stillDown(report);
        }
    }

    /** Gives {@code report}, or nothing, to whoever waits. Never throws: who gets none now gets one when he has waited. */
    private void answerAll(@Nullable CheckReport report) {
        try {
            Reply<?> replies = null;
            for (Slot slot : waiting) {
                replies = report == null ? slot.noAnswer(replies) : slot.answer(report, replies);
            }
            waiting.clear();
            if (replies != null) {
                replies.giveSoon();
            }
        } catch (Throwable t) {
            context.sayTrouble(t);
        }
    }

    /** One run at a time, as an interrupt that does not return costs a thread, too. Never throws: it is tried again. */
    private void giveUpSoon(Run run) {
        try {
            context.soon(() -> giveUp(run));
            run.giveUpAsked();
            givingUp = true;
        } catch (Throwable t) {
            alarm.callBy(context.nanos() + RegistryContext.RETRY_AFTER);
        }
    }

    private void giveUp(Run run) {
        try {
            run.giveUp(options.interruptOnTimeout);
        } finally {
            boolean more;
            synchronized (lock) {
                givingUp = false;
                more = state.overdue().size() > 1;
            }
            if (more) {
                look();
            }
        }
    }

    private void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Throwable t) { // what a check does when it is closed is nobody else's problem
            context.events()
                    .say(log -> log.warn(
                            "{}: closing the check failed; it is unregistered all the same, but what it did not release"
                                    + " stays open",
                            name(),
                            t));
        }
    }

    /** Sees to it that somebody looks when time alone changes something; an earlier look does no harm. */
    private void arm() {
        long at = schedule.wakeTime(state);
        if (!removed && at != Schedule.NEVER && at - context.nanos() < Nanos.FOREVER / 2) {
            alarm.callBy(at);
        }
    }
}
