package dev.healthcheck;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a check: calls the check on the thread that runs this, keeps the result, and has the owner look.
 *
 * <p>Invariant: a run begins once at most, and never once it was {@linkplain #revoke revoked}. No lock is held while
 * foreign code runs.
 */
final class Run implements RunLauncher.Task, RunTracker.Tracked, Workers.NamesItsThread {
    private static final CheckResult NO_MEMORY =
            CheckResult.down("no memory was left for the result of the run").withReason("rejected");

    private final Owner owner;
    private final Call call;
    private final RegistryContext context;
    private final long askedAt;
    private final long deadline;
    private final Deadline until;
    private final RunThread thread = new RunThread();

    // guarded by the owner's lock
    private @Nullable CheckResult missed;
    private boolean giveUpAsked;
    private boolean lossSaid;

    // written under the lock of this
    private volatile Phase phase = Phase.WAITING;
    private boolean handingOver;

    /** Null if nothing records the run. Written by the thread that is going to call the check. */
    private JfrEvents.@Nullable OfRun recorded;

    /** Written by the thread that has called the check. */
    private volatile @Nullable CompletionStage<CheckResult> stage;

    // published by the phase ENDED
    private CheckResult result = NO_MEMORY;
    private @Nullable Instant endedOn;
    private long endedAt;
    private long durationNanos;
    private boolean wanted;
    private boolean refused;

    private enum Phase {
        /** It waits for a thread. */
        WAITING,
        /** It is on a thread, or on the stage that an asynchronous check has returned. */
        BEGUN,
        ENDED,
        /** It will never begin. */
        REVOKED
    }

    Run(Owner owner, Call call, RegistryContext context, long askedAt, long deadline, boolean forced) {
        this.owner = owner;
        this.call = call;
        this.context = context;
        this.askedAt = askedAt;
        this.deadline = deadline;
        until = Deadline.ofRun(context.ticker(), deadline, forced);
    }

    @Override
    public String name() {
        return call.name();
    }

    long askedAt() {
        return askedAt;
    }

    long deadline() {
        return deadline;
    }

    Deadline until() {
        return until;
    }

    /** Ends the time for deposits, as the deadline has passed. Returns the last deposit; null if there is none. */
    @Nullable
    CheckResult miss() {
        missed = until.missed();
        return missed;
    }

    /** Returns what {@link #miss} has returned, whatever the check has deposited since. */
    @Nullable
    CheckResult missed() {
        return missed;
    }

    /** Returns whether the run has ended, even if too late. */
    boolean hasEnded() {
        return phase == Phase.ENDED;
    }

    /**
     * Returns the outcome of a run that has ended; {@code date} stands for the date of its end if that is not known.
     */
    RunOutcome outcome(Instant date) {
        return new RunOutcome(result, durationNanos, endedAt, endedOn == null ? date : endedOn, 1);
    }

    /** Keeps nothing that the check has returned, as nobody will look at it. Does nothing before the end. */
    void dropResult() {
        if (hasEnded()) {
            result = NO_MEMORY;
            stage = null;
        }
    }

    /** Returns whether the run has ended without having begun, because there was no thread for it. */
    boolean isRefused() {
        return refused;
    }

    /** Returns whether a listener or the log wanted each run when this one ended. */
    boolean isWanted() {
        return wanted;
    }

    /** Returns whether the check has returned a stage, so that the run holds no thread. */
    boolean isOnStage() {
        return stage != null;
    }

    /** A thread is going to {@linkplain #giveUp give the run up}. */
    void giveUpAsked() {
        giveUpAsked = true;
    }

    boolean isGiveUpAsked() {
        return giveUpAsked;
    }

    /** Returns true the first time, when the loss of the run has not been logged yet. */
    boolean sayLoss() {
        boolean first = !lossSaid;
        lossSaid = true;
        return first;
    }

    @Override
    public boolean isOn(Thread other) {
        return thread.is(other);
    }

    @Override
    public boolean isLostAt(long now) {
        return now - deadline >= CheckState.REPLACE_AFTER;
    }

    /** Returns a supplier of the stack of this run's thread, which keeps neither this nor a thread that has left. */
    Supplier<List<StackTraceElement>> stack() {
        return thread;
    }

    @Override
    public void run() {
        if (begin()) {
            call();
        } else if (phase == Phase.WAITING) {
            owner.look(null); // it comes too late, and the owner may not know it yet
        }
    }

    /** Returns whether the check is to be called now, on this thread. */
    boolean begin() {
        try {
            if (!claim()) {
                return false;
            }
            context.runs().entered(this); // before the last look: a registry that is closed after it waits for this run
            if (owner.isRemoved()) {
                leave(null);
                return false;
            }
            return true;
        } catch (Throwable t) { // for want of memory or stack
            endWithoutResult();
            return false;
        }
    }

    private synchronized boolean claim() {
        if (phase != Phase.WAITING || owner.isRemoved() || context.nanos() - deadline >= 0) {
            return false;
        }
        phase = Phase.BEGUN;
        return true;
    }

    /** Forbids a run that has not begun to begin; false if it has, or a thread is still busy with handing it over. */
    synchronized boolean revoke() {
        if (phase == Phase.WAITING && !handingOver) {
            phase = Phase.REVOKED;
        }
        return phase == Phase.REVOKED;
    }

    @Override
    public Backlog backlog() {
        return call.backlog();
    }

    @Override
    public synchronized void handingOver() {
        handingOver = true;
    }

    @Override
    public void handedOver() {
        synchronized (this) {
            handingOver = false;
        }
        if (context.nanos() - deadline >= 0) {
            owner.look(null);
        }
    }

    /** Calls the check, once this has {@linkplain #begin begun}. */
    void call() {
        try {
            callCheck();
        } catch (Throwable t) { // for want of memory or stack
            endWithoutResult();
        }
    }

    private void endWithoutResult() {
        leave(null);
        end(NO_MEMORY, 0, false);
    }

    private void callCheck() {
        JfrEvents jfr = context.events().recorder(askedAt);
        recorded = jfr == null ? null : jfr.begin();
        long begunAt = context.nanos();
        Thread current = Thread.currentThread();
        ThreadState before =
                Workers.isWorker(current) ? null : ThreadState.ofForeign(current); // a worker looks after itself
        CheckResult found = null;
        CompletionStage<CheckResult> pending = null;
        try {
            Threads.rename(current, call.threadName());
            ThreadState.setContextClassLoader(current, call.contextClassLoader());
            thread.enter(current);
            if (call.check() instanceof AsyncHealthCheck async) {
                pending = notNull(async.checkAsync(until), "checkAsync");
            } else {
                found = notNull(call.check().check(until), "check");
            }
        } catch (Throwable t) { // an Error, too, is this check's problem and nobody else's
            found = thrown(t);
        } finally {
            if (before == null) {
                ThreadState.setContextClassLoader(current, null);
                leave(pending);
            } else {
                before.restore();
                leave(pending);
                before.restoreInterrupt();
            }
        }
        if (pending != null) {
            await(pending, begunAt);
        } else if (found != null) {
            end(found, context.nanos() - begunAt, true);
        }
    }

    /** Does nothing if the run has begun all the same. */
    @Override
    public void rejected(Throwable why) {
        CheckResult rejected = CheckResult.down(why).withReason("rejected");
        synchronized (this) {
            if (phase != Phase.WAITING) {
                return;
            }
            phase = Phase.BEGUN;
            refused = true;
        }
        end(rejected, 0, false);
    }

    /**
     * Keeps what was found and has the owner look; the first time only. {@code finishing}: the thread does nothing more
     * that may block.
     */
    private void end(CheckResult found, long duration, boolean finishing) {
        long now = context.nanos();
        boolean wants = context.events().wantsRuns();
        Instant date = dateIfPossible();
        synchronized (this) {
            if (phase == Phase.ENDED) {
                return;
            }
            result = found;
            endedOn = date;
            endedAt = now;
            durationNanos = duration;
            wanted = wants;
            phase = Phase.ENDED;
        }
        try {
            if (recorded != null) {
                recorded.end(name(), found, now - deadline >= 0);
            }
        } catch (Throwable t) {
            // there is no memory or stack for the event, which is no reason not to look
        }
        TimePoint moment = date == null ? null : new TimePoint(now, date);
        if (finishing) {
            context.launcher().finishing();
        }
        owner.look(moment);
    }

    private @Nullable Instant dateIfPossible() {
        try {
            return context.date();
        } catch (Throwable t) { // for want of memory: the first thread that looks supplies the date
            return null;
        }
    }

    /** Ends the caller's interest in this run: interrupts its thread, if that is allowed, or cancels its stage. */
    void giveUp(boolean interrupt) {
        Throwable thrown = thread.giveUp(interrupt);
        if (thrown != null) {
            context.events().say(log -> log.warn("{}: interrupting the overdue run threw", name(), thrown));
        }
        CompletionStage<CheckResult> pending = stage;
        if (pending != null) {
            giveUp(pending);
        }
    }

    /** The check has returned, {@code pending} if it is asynchronous. */
    private void leave(@Nullable CompletionStage<CheckResult> pending) {
        thread.leave();
        stage = pending; // this thread or the one that gives up cancels it: each writes first and then looks
        context.runs().left(this);
    }

    private void await(CompletionStage<CheckResult> pending, long begunAt) {
        try {
            pending.whenComplete((found, thrown) -> end(completion(found, thrown), context.nanos() - begunAt, false));
        } catch (Throwable t) { // a stage of a foreign class may do anything
            end(thrown(t), context.nanos() - begunAt, false);
        }
        if (thread.isGivenUp()) {
            giveUp(pending);
        }
    }

    private static CheckResult completion(@Nullable CheckResult found, @Nullable Throwable thrown) {
        try {
            return thrown == null ? completedWith(found) : thrown(thrown);
        } catch (Throwable t) { // or the thread that completes the stage would swallow it, and the run would never end
            return NO_MEMORY;
        }
    }

    private static CheckResult completedWith(@Nullable CheckResult result) {
        return result == null ? thrown(new NullPointerException("the stage completed with null")) : result;
    }

    private static <T> T notNull(@Nullable T value, String method) {
        if (value == null) {
            throw new NullPointerException(method + " returned null");
        }
        return value;
    }

    private static CheckResult thrown(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return CheckResult.down(cause).withReason("threw");
    }

    private void giveUp(CompletionStage<CheckResult> pending) {
        try {
            CompletableFuture<CheckResult> future = pending.toCompletableFuture();
            if (future.isDone()) { // the thread that completed it had no stack or memory to say so
                end(NO_MEMORY, 0, false);
            } else {
                future.cancel(true);
            }
        } catch (Throwable t) {
            // not every stage can be cancelled; one that cannot stays overdue until it completes
        }
    }

    /** Returns the words by which an executor names this when it refuses it. */
    @Override
    public String toString() {
        return "run of " + name();
    }

    /** The registered check that has started the run. */
    interface Owner {

        /** Returns whether no run may begin any more, and what a run finds is of no use. */
        boolean isRemoved();

        /** Something has happened to the run. {@code now} is null where the date is not known. Never throws. */
        void look(@Nullable TimePoint now);
    }

    /** The part of a run that is the same for all runs of a check. */
    record Call(
            String name,
            String threadName,
            HealthCheck check,
            @Nullable ClassLoader contextClassLoader,
            Backlog backlog) {}
}
