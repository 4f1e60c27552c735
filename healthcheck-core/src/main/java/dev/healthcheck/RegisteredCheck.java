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
 * A registered check: its state, its runs, and the callers that wait for it. Thread-safe.
 *
 * <p>Invariant: under one lock the state is replaced, and the change queued for log and listeners and handed to the
 * callers that wait. The lock is never held while foreign code runs. A reader of a fresh verdict takes no lock.
 *
 * <p>An event (a run ends, time passes, somebody asks) only makes a thread {@linkplain #look look} at the check;
 * looking finds out what follows. If an Error ends a look, the next look does the work: at the latest that of the
 * alarm, which can be set without memory.
 */
final class RegisteredCheck implements Run.Owner {
    // Made once, as a reader of many checks that have not run gets nothing else.
    private static final Verdict UNKNOWN_UP = Verdict.none(Status.UP, "pending", "no run has ended yet");
    private static final Verdict UNKNOWN_DOWN = Verdict.none(Status.DOWN, "pending", "no run has ended yet");

    private final RegistryContext context;
    private final Subject subject;
    private final Run.Call call;
    private final CheckOptions options;
    private final Schedule schedule;
    private final Judge judge;
    private final Outbox outbox;
    private final Timer.Alarm alarm;
    /** Guarded by lock. */
    private final Announcer announcer;

    private final Object lock = new Object();

    /** Written under the lock. */
    private volatile CheckState state;

    /** Written under the lock. */
    private volatile boolean removed;

    // guarded by lock
    private final Set<Slot> waiting = new HashSet<>(0);
    private boolean firstRunPlanned;
    private boolean saidAsksItself;
    /** True while a thread gives up a run, which takes as long as an interrupt may take. */
    private boolean givingUp;

    RegisteredCheck(String name, HealthCheck check, CheckOptions options, RegistryContext context) {
        this.context = context;
        this.options = options;
        subject = new Subject(name, options, new History(), context.ticker());
        ClassLoader contextClassLoader = Thread.currentThread().getContextClassLoader();
        call = new Run.Call(name, "healthcheck-" + name, check, contextClassLoader, new Backlog());
        schedule = new Schedule(options, context.timer()::jittered);
        judge = new Judge(subject, options, schedule);
        alarm = context.alarm(this::look);
        outbox = new Outbox(name, options);
        announcer = new Announcer(context.events(), outbox, subject.history());
        state = CheckState.initial(context.nanos());
    }

    String name() {
        return subject.name();
    }

    boolean belongsTo(Probe probe) {
        return options.probes.contains(probe);
    }

    /** Returns the verdict that answers {@code probe} without a run; null if the check has to be asked. */
    @Nullable
    CheckReport fresh(@Nullable Probe probe, long now) {
        CheckState current = state;
        CheckReport passed = passed(probe, current);
        return passed == null ? current.freshAt(now) : passed;
    }

    /** Returns the verdict with which the check has passed, if the question is about startup; otherwise null. */
    private static @Nullable CheckReport passed(@Nullable Probe probe, CheckState current) {
        return probe == Probe.STARTUP ? current.passed() : null;
    }

    /** Returns whether this is a required startup check that has not passed yet. */
    boolean isStarting() {
        return options.startsRequired() && belongsTo(Probe.STARTUP) && state.passed() == null;
    }

    /**
     * Returns the last verdict for {@code probe}, however old; a report with the status {@code pending} if there is
     * none.
     */
    CheckReport last(@Nullable Probe probe, Status pending) {
        CheckState current = state;
        CheckReport passed = passed(probe, current);
        return passed == null ? last(pending) : passed;
    }

    /**
     * Returns what is known of the check by now: changes nothing, takes no lock, and tells nobody.
     *
     * @param unknown the status of a check of which nothing is known
     */
    CheckReport latest(@Nullable Probe probe, Status unknown, long now) {
        CheckState current = state;
        CheckReport passed = passed(probe, current);
        CheckReport known = passed == null ? current.knownAt(now) : passed;
        return known == null ? derived(probe, unknown, current, now) : known;
    }

    private CheckReport derived(@Nullable Probe probe, Status unknown, CheckState current, long now) {
        CheckReport last = current.report();
        Run awaited = current.awaited();
        if (last != null && current.stuck() != null) {
            return stuck(judge.uncounted(current, last, context.at(now)), current.stuck(), current, now);
        }
        if (awaited != null && current.isOverdueAt(now) && !awaited.hasEnded()) {
            return judge.unjudged(current, awaited, context.at(now));
        }
        if (last == null) {
            return pending(unknown, null);
        }
        long age = now - last.verdict().nanos();
        long limit = current.knownUntil() - last.verdict().nanos();
        if (age < limit || (isScheduled() && probe == Probe.LIVENESS)) {
            return last;
        }
        if (isScheduled()) {
            CheckReport told = current.stale();
            return told == null ? last.tooOld(schedule.staleAfter()) : told;
        }
        return last.pending(unknown, limit, age);
    }

    private CheckReport last(Status pending) {
        CheckReport report = state.report();
        return report == null ? pending(pending, null) : report;
    }

    /** Returns the report of a check of which nothing is known after {@code last}, null for no verdict. */
    private CheckReport pending(Status status, @Nullable CheckReport last) {
        return CheckReport.unknown(subject, status == Status.UP ? UNKNOWN_UP : UNKNOWN_DOWN, judge.isRequired(last));
    }

    /** Returns the report of a check of which nothing is known, as {@code message} explains. */
    CheckReport unasked(Status status, String message) {
        return CheckReport.unknown(subject, Verdict.none(status, "pending", message), judge.isRequired(state.report()));
    }

    boolean isScheduled() {
        return schedule.isRegular();
    }

    /** Begins the schedule with a first run after {@code delayNanos}. */
    void schedule(long delayNanos) {
        synchronized (lock) {
            if (!removed) {
                firstRunPlanned = true;
                state = state.due(context.nanos() + delayNanos);
                arm();
            }
        }
    }

    /** Answers in {@code slot}, at once or when a run has ended. With {@code forceRun} a fresh verdict is no answer. */
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

    /** Runs the check and waits until the run is judged, even as overdue. */
    CheckReport runNow() {
        EnoughStack.require();
        PendingAnswers question = new PendingAnswers(null, new RegisteredCheck[] {this}, new CheckReport[1]);
        TimePoint now = context.now();
        question.ask(true, now, now.nanos() + schedule.timeout(), context);
        question.await(schedule.timeout(), context.ticker());
        return question.answers(Status.DOWN, context.now())[0];
    }

    /** Ends the wait of a caller. Returns the answer that can be given now; {@code slot} gets none any more. */
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
        CheckReport last = state.report();
        if (!isScheduled() || last == null) {
            return pending(pending, last);
        }
        return probe == Probe.LIVENESS ? last : stale(last, now);
    }

    /** Finds out what has happened by now, and does what follows. Never throws: it sets the alarm for another look. */
    void look() {
        look(null);
    }

    /** Looks as {@link #look()} does; {@code known} is the present, for a thread that must not ask the clock. */
    @Override
    public void look(@Nullable TimePoint known) {
        try {
            TimePoint now = known == null ? context.now() : known;
            synchronized (lock) {
                settle(now);
                startIfDue(now);
                announcer.look(state.shown(), now.nanos());
                arm();
            }
        } catch (Throwable t) { // for want of memory
            context.sayTrouble(t);
            alarm.callBy(context.nanos() + RegistryContext.RETRY_AFTER);
        }
    }

    /** Ends a check that has not been registered after all. */
    void discard() {
        synchronized (lock) {
            removed = true;
            alarm.close();
        }
    }

    /** Announces that the check is registered. Must come before its first question. */
    void registered(Instant at) {
        synchronized (lock) {
            announcer.registered(at);
        }
    }

    /**
     * Ends the check, and says in the log what it was if that was not well. Callers that wait get no answer. Never
     * throws. What it holds has to be {@linkplain #release() released} afterwards.
     */
    void unregister(TimePoint now) {
        end(true, now);
    }

    /** Ends the check as the registry is closed, and releases what it holds. Idempotent. Never throws. */
    void remove(TimePoint now) {
        if (end(false, now)) {
            release();
        }
    }

    /** Returns false if the check has been ended before. */
    private boolean end(boolean unregistered, TimePoint now) {
        synchronized (lock) {
            if (removed) {
                return false;
            }
            removed = true;
            subject.attach(null);
            dropResults();
            if (unregistered) {
                announcer.unregistered(state.shown(), !state.overdue().isEmpty(), now);
            } else {
                announcer.unregistered(now.date());
            }
            firstRunIsOver();
            alarm.close();
            answerAll(null);
            return true;
        }
    }

    /** Gives up the runs of a check that has ended, and closes it. Never throws. */
    void release() {
        CheckState last = state;
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
            return stuck(last, current.stuck(), current, now);
        }
        if (forceRun) {
            return current.awaited() != null || current.mayStartAt(now) ? null : last;
        }
        return current.freshAt(now);
    }

    private static CheckReport stuck(CheckReport last, Run stuck, CheckState current, long now) {
        return last.stuck(now - stuck.askedAt(), current.explanation() != null, stuck.stack());
    }

    /** Returns whether the run in progress asks, so that it would wait for itself. */
    private boolean isAskingItself() {
        Run awaited = state.awaited();
        return awaited != null && awaited.isOn(Thread.currentThread());
    }

    /** Says it in the log, too, once: the check may not show anybody what it was told. */
    private CheckReport asksItself() {
        if (!saidAsksItself) {
            saidAsksItself = true;
            context.events()
                    .say(
                            outbox,
                            log -> log.warn(
                                    "{} asks its own registry for itself during its run; that answer is DOWN (asks-itself)",
                                    name()));
        }
        String message = "the check asked its own registry for itself, while it was running";
        return new CheckReport(
                subject, Verdict.none(Status.DOWN, "asks-itself", message), judge.isRequired(state.report()));
    }

    /** Brings the state up to date: judges a run that has ended or is overdue. */
    private void settle(TimePoint now) {
        if (removed) {
            dropResults();
            return;
        }
        Run awaited = state.awaited();
        if (awaited != null && awaited.hasEnded()) {
            judgeEnded(awaited.outcome(now.date()), !awaited.isRefused(), awaited.isWanted());
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

    /** What a run attaches to its result is not kept longer than the check. */
    private void dropResults() {
        if (state.awaited() != null) {
            state.awaited().dropResult();
        }
        state.overdue().forEach(Run::dropResult);
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
        Run run = new Run(this, call, context, now.nanos(), now.nanos() + schedule.timeout(), forced);
        firstRunIsOver();
        state = before.started(run);
        try {
            context.launcher().launch(run);
        } catch (Throwable t) { // no thread, no memory, no stack
            if (run.revoke()) {
                state = before;
                CheckResult rejected = CheckResult.down(t).withReason("rejected");
                judgeEnded(new RunOutcome(rejected, 0, now.nanos(), now.date(), 1), false, true);
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
            context.events().threadLost(outbox, name(), lost::isOnStage, lost.stack(), mayReplace);
        }
        if (mayReplace) {
            start(now, false);
        } else {
            boolean never = !state.mayReplace(0);
            state = state.withoutReplacement(now.nanos() + (never ? Nanos.FOREVER : CheckState.REPLACE_AFTER));
        }
    }

    /** Judges the awaited run, which has ended in time; {@code begun} is false if there was no thread for it. */
    private void judgeEnded(RunOutcome ended, boolean begun, boolean wantsRuns) {
        if (begun) {
            subject.attach(ended.result().attachment());
        }
        if (begun || state.stuck() == null) {
            RunOutcome outcome = judge.ended(ended.withoutAttachment());
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
        long notBefore = run.isOnStage() ? run.deadline() + schedule.timeout() : run.deadline();
        Transition transition = judge.transition(state, outcome, notBefore);
        CheckState next = begun ? state.timedOut(run, transition) : state.notBegun(transition);
        become(next, outcome, now.nanos() - run.deadline(), true);
    }

    /** Counts one more failure for each further timeout that a stuck run lasts. */
    private void recount(TimePoint now) {
        CheckReport last = state.report();
        CheckReport report = judge.recount(state, now);
        if (report != null) {
            long known = schedule.knownUntil(null, report.verdict().nanos(), state.validUntil());
            state = state.recounted(report, known);
            tellIfPossible(last, report, now);
        }
    }

    /** Replaces the state after a run, and notifies callers and listeners. */
    private void become(CheckState next, RunOutcome outcome, long lateNanos, boolean wantsRuns) {
        CheckReport shown = state.shown();
        boolean passes = state.passed() == null;
        state = next;
        tell(shown, Objects.requireNonNull(next.report()), outcome, lateNanos, wantsRuns);
        if (passes && next.passed() != null) {
            announcer.passed(next.passed(), outcome.at());
        }
    }

    private void tellIfPossible(@Nullable CheckReport last, CheckReport report, TimePoint now) {
        try {
            tellChange(last, report, now.date(), 0);
        } catch (Throwable t) {
            context.sayTrouble(t);
        }
    }

    /** Returns that the verdict is too old. The first time since it became so, log and listeners are notified, too. */
    private CheckReport stale(CheckReport last, TimePoint now) {
        CheckReport notified = state.stale();
        if (notified != null) {
            return notified;
        }
        CheckReport stale = last.stale(schedule.staleAfter(), now.nanos());
        state = state.stale(stale);
        tellIfPossible(last, stale, now);
        return stale;
    }

    /** Notifies callers and listeners. Never throws: a verdict counts even if there is no memory for an event. */
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
            context.events().ran(outbox, report);
        }
        answerAll(report);
    }

    private void tellChange(@Nullable CheckReport shown, CheckReport report, Instant at, long lateNanos) {
        announcer.shown(shown == null ? null : shown.verdict(), report, at, lateNanos);
    }

    /**
     * Gives {@code report}, or null, to the callers that wait. Never throws: a caller without it asks again in the end.
     */
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

    /**
     * Gives up one run at a time, as an interrupt that does not return costs a thread, too. Never throws: tries again.
     */
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
        } catch (Throwable t) { // the failure of one check must not affect others
            context.events()
                    .say(
                            outbox,
                            log -> log.warn(
                                    "{}: close() of the check failed; the check is unregistered, but what it has not released"
                                            + " stays open",
                                    name(),
                                    t));
        }
    }

    /** Sets the alarm to the time at which time alone changes something; an earlier look does no harm. */
    private void arm() {
        callBy(schedule.wakeTime(state));
        callBy(announcer.wakeTime(state.shown()));
    }

    private void callBy(long at) {
        if (!removed && at != Schedule.NEVER && at - context.nanos() < Nanos.FOREVER / 2) {
            alarm.callBy(at);
        }
    }
}
