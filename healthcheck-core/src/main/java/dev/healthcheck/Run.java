package dev.healthcheck;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One run of a check: calls it on whatever thread this is given to, keeps what came of it, and has the owner look.
 *
 * <p>Invariant: a run begins once at most, and never once it was {@linkplain #revoke revoked}. Its thread is interrupted
 * only while it is in the check's own code. No lock is held while foreign code runs, {@link Thread#interrupt} among it.
 */
final class Run implements Runnable {
    private static final CheckResult NO_MEMORY =
            CheckResult.down("no memory was left for the result of the run").withReason("rejected");

    private final RegisteredCheck owner;
    private final RegistryContext context;
    private final long askedAt;
    private final long deadline;
    private final Deadline until;

    // guarded by the owner's lock
    private @Nullable CheckResult missed;
    private boolean giveUpAsked;
    private boolean lossSaid;

    // written under the lock of this
    private volatile Phase phase = Phase.WAITING;
    private volatile @Nullable Thread thread;
    private volatile @Nullable CompletionStage<CheckResult> stage;
    private volatile boolean givenUp;
    private boolean handingOver;
    private boolean toBeInterrupted;
    private int interrupters;

    // published by the phase ENDED
    private CheckResult result = NO_MEMORY;
    private @Nullable Instant endedOn;
    private long endedAt;
    private long durationNanos;
    private boolean wanted;
    private boolean refused;

    private enum Phase {
        /** For a thread. */
        WAITING,
        /** On a thread, or on the stage that an asynchronous check has returned. */
        BEGUN,
        ENDED,
        /** Never to begin. */
        REVOKED
    }

    Run(RegisteredCheck owner, RegistryContext context, long askedAt, long deadline, boolean forced) {
        this.owner = owner;
        this.context = context;
        this.askedAt = askedAt;
        this.deadline = deadline;
        until = Deadline.ofRun(context.ticker(), deadline, forced);
    }

    /** Of its check. */
    String name() {
        return owner.name();
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

    /** The deadline has passed: returns what is to be reported then; null if the check has not said so. */
    @Nullable
    CheckResult miss() {
        missed = until.missed();
        return missed;
    }

    /** What {@link #miss} has returned, whatever the check has said since. */
    @Nullable
    CheckResult missed() {
        return missed;
    }

    /** Whether it has ended, be it too late. */
    boolean hasEnded() {
        return phase == Phase.ENDED;
    }

    /** What came of a run that has ended. */
    RunOutcome outcome(Instant date) {
        return new RunOutcome(result, durationNanos, endedAt, endedOn == null ? date : endedOn, 1);
    }

    /** Whether it has ended without having begun, as no thread was to be had. */
    boolean isRefused() {
        return refused;
    }

    /** Whether somebody wants to know of a run that has ended, whatever came of it. */
    boolean isWanted() {
        return wanted;
    }

    /** Whether its check has returned a stage, so that it costs no thread. */
    boolean isOnStage() {
        return stage != null;
    }

    /** Somebody is on the way to {@linkplain #giveUp give it up}. */
    void giveUpAsked() {
        giveUpAsked = true;
    }

    boolean isGiveUpAsked() {
        return giveUpAsked;
    }

    /** Whether it is the first time that it is said to be lost. */
    boolean sayLoss() {
        boolean first = !lossSaid;
        lossSaid = true;
        return first;
    }

    /** Whether the check is being called on {@code other}. */
    boolean isOn(Thread other) {
        return thread == other;
    }

    /** Where it is; empty if it is on no thread. */
    List<StackTraceElement> stack() {
        Thread runner = thread;
        if (runner == null) {
            return List.of();
        }
        List<StackTraceElement> stack = List.of(runner.getStackTrace());
        return thread == runner ? stack : List.of();
    }

    @Override
    public void run() {
        if (begin()) {
            call();
        } else if (phase == Phase.WAITING) {
            owner.look(); // it is too late for it
        }
    }

    /** Whether the check is to be called now, on this thread. */
    boolean begin() {
        try {
            if (!claim()) {
                return false;
            }
            context.entered(this); // before the last look: a registry that is closed after it waits for this run
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

    /** Of its check. */
    Backlog backlog() {
        return owner.backlog();
    }

    /** A thread of ours is busy with giving this to a caller's executor, which may block. */
    synchronized void handingOver() {
        handingOver = true;
    }

    /** It is busy no more. */
    void handedOver() {
        synchronized (this) {
            handingOver = false;
        }
        if (context.nanos() - deadline >= 0) {
            owner.look();
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
        long begunAt = context.nanos();
        Thread current = Thread.currentThread();
        ThreadState before =
                Workers.isWorker(current) ? null : ThreadState.ofForeign(current); // a worker looks after itself
        CheckResult found = null;
        CompletionStage<CheckResult> pending = null;
        try {
            Threads.rename(current, owner.threadName());
            ThreadState.setContextClassLoader(current, owner.contextClassLoader());
            enter(current);
            if (owner.check() instanceof AsyncHealthCheck async) {
                pending = notNull(async.checkAsync(until), "checkAsync");
            } else {
                found = notNull(owner.check().check(until), "check");
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

    /** From here on this thread is the one that is interrupted. */
    private void enter(Thread current) {
        boolean late;
        synchronized (this) {
            thread = current;
            late = toBeInterrupted;
        }
        if (late) {
            current.interrupt();
        }
    }

    /** No thread was to be had. Does nothing if the run has begun all the same. */
    void rejected(Throwable why) {
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
        TimePoint moment = date == null ? null : new TimePoint(now, date);
        if (finishing) {
            context.finishing();
        }
        owner.look(moment);
    }

    private @Nullable Instant dateIfPossible() {
        try {
            return context.date();
        } catch (Throwable t) { // for want of memory: it is the date of whoever looks first
            return null;
        }
    }

    /** Ends the caller's interest in this run: interrupts its thread, if that is allowed, or cancels its stage. */
    void giveUp(boolean interrupt) {
        Thread runner;
        CompletionStage<CheckResult> pending;
        synchronized (this) {
            givenUp = true;
            toBeInterrupted = interrupt;
            runner = interrupt ? thread : null;
            interrupters += runner == null ? 0 : 1;
            pending = stage;
        }
        if (runner != null) {
            interrupt(runner);
        }
        if (pending != null) {
            giveUp(pending);
        }
    }

    /** An interrupt closes the channel that the thread waits for, which may block, or throw. */
    private void interrupt(Thread runner) {
        try {
            runner.interrupt();
        } catch (Throwable t) {
            context.events().say(log -> log.warn("{}: interrupting the overdue run threw", owner.name(), t));
        } finally {
            synchronized (this) {
                interrupters--;
                notifyAll();
            }
        }
    }

    /** From here on nobody interrupts this thread for our sake, and no interrupt of ours is left on it. */
    private void leave(@Nullable CompletionStage<CheckResult> pending) {
        synchronized (this) {
            while (interrupters > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    // the interrupt has come; the thread that sends it may still be busy
                }
            }
            thread = null;
            stage = pending;
            if (givenUp) {
                Thread.interrupted();
            }
        }
        context.left(this);
    }

    private void await(CompletionStage<CheckResult> pending, long begunAt) {
        try {
            pending.whenComplete((found, thrown) -> end(completion(found, thrown), context.nanos() - begunAt, false));
        } catch (Throwable t) { // a stage of a foreign class may do anything
            end(thrown(t), context.nanos() - begunAt, false);
        }
        if (givenUp) {
            giveUp(pending);
        }
    }

    private static CheckResult completion(@Nullable CheckResult found, @Nullable Throwable thrown) {
        try {
            return thrown == null ? completedWith(found) : thrown(thrown);
        } catch (Throwable t) { // or whoever completes the stage would swallow it, and the run would never end
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
            if (future.isDone()) { // and whoever completed it had no stack or memory left to say so
                end(NO_MEMORY, 0, false);
            } else {
                future.cancel(true);
            }
        } catch (Throwable t) {
            // not every stage can be cancelled; one that cannot stays overdue until it completes
        }
    }

    /** What an executor names in its message when it refuses this. */
    @Override
    public String toString() {
        return "run of " + owner.name();
    }
}
