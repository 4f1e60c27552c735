package dev.healthcheck;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One run of a check: calls it on whatever thread this is given to, and tells the owner once, and then it is over. Its
 * thread is interrupted only while it is in the check's own code.
 */
final class Run implements Runnable {
    private final RegisteredCheck owner;
    private final Engine engine;
    private final long askedAt;
    private final long deadline;
    private final Deadline until;

    /** Guarded by the owner's lock. */
    private @Nullable CheckResult missed;

    // guarded by this
    private @Nullable Thread thread;
    private @Nullable CompletionStage<CheckResult> stage;
    private boolean givenUp;

    Run(RegisteredCheck owner, Engine engine, long askedAt, long deadline) {
        this.owner = owner;
        this.engine = engine;
        this.askedAt = askedAt;
        this.deadline = deadline;
        until = Deadline.ofRun(engine.ticker(), deadline);
    }

    long askedAt() {
        return askedAt;
    }

    long deadline() {
        return deadline;
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

    /** Whether it costs a thread, or waits for one. */
    synchronized boolean holdsThread() {
        return stage == null;
    }

    List<StackTraceElement> stack() {
        Thread runner;
        synchronized (this) {
            runner = thread;
        }
        return runner == null ? List.of() : List.of(runner.getStackTrace());
    }

    @Override
    public void run() {
        if (!enter()) {
            owner.cameBack(this);
            return;
        }
        long begunAt = engine.nanos();
        CheckResult result = null;
        CompletionStage<CheckResult> pending = null;
        Thread current = Thread.currentThread();
        String name = current.getName();
        ClassLoader loader = current.getContextClassLoader();
        Threads.rename(current, owner.threadName());
        lend(current, owner.contextClassLoader());
        try {
            if (owner.check() instanceof AsyncHealthCheck async) {
                pending = notNull(async.checkAsync(until), "checkAsync");
            } else {
                result = notNull(owner.check().check(until), "check");
            }
        } catch (Throwable t) { // an Error, too, is this check's problem and nobody else's
            result = thrown(t);
        } finally {
            lend(current, loader);
            if (!Workers.isWorker(current)) { // which gets its own name back when it is idle
                Threads.rename(current, name);
            }
            leave(pending);
        }
        if (pending != null) {
            await(pending, begunAt);
        } else if (result != null) {
            long duration = engine.nanos() - begunAt;
            boolean wanted = engine.events().wantsRuns();
            // Not before a logger was asked, nor where a foreign stage has still to be: both may block.
            engine.finishing();
            owner.ended(this, result, duration, wanted);
        }
    }

    synchronized boolean isOn(Thread other) {
        return thread == other;
    }

    /** No thread was to be had. */
    void rejected(Throwable why) {
        synchronized (this) {
            givenUp = true; // an executor that throws may have accepted it all the same
        }
        end(CheckResult.down(why).withReason("rejected"), 0);
    }

    private void end(CheckResult result, long durationNanos) {
        owner.ended(this, result, durationNanos, engine.events().wantsRuns());
    }

    /** Ends the caller's interest in this run: interrupts its thread, if that is allowed, or cancels its stage. */
    void giveUp(boolean interrupt) {
        CompletionStage<CheckResult> pending;
        synchronized (this) {
            givenUp = true;
            if (interrupt && thread != null) {
                thread.interrupt();
            }
            pending = stage;
        }
        if (pending != null) {
            cancel(pending);
        }
    }

    private synchronized boolean enter() {
        engine.entered(this); // before the last look: a registry that is closed after it waits for this run
        if (givenUp || owner.isGone() || engine.nanos() - deadline >= 0) {
            engine.left(this);
            return false;
        }
        thread = Thread.currentThread();
        return true;
    }

    /** From here on nobody interrupts this thread for our sake, and no interrupt of ours is left on it. */
    private void leave(@Nullable CompletionStage<CheckResult> pending) {
        synchronized (this) {
            thread = null;
            stage = pending;
            if (givenUp) {
                Thread.interrupted();
            }
        }
        engine.left(this);
    }

    private void await(CompletionStage<CheckResult> pending, long begunAt) {
        try {
            pending.whenComplete((result, thrown) ->
                    end(thrown == null ? completedWith(result) : thrown(thrown), engine.nanos() - begunAt));
        } catch (Throwable t) { // a stage of a foreign class may do anything
            end(thrown(t), engine.nanos() - begunAt);
        }
        boolean tooLate;
        synchronized (this) {
            tooLate = givenUp;
        }
        if (tooLate) {
            cancel(pending);
        }
    }

    private static void lend(Thread thread, @Nullable ClassLoader contextClassLoader) {
        try {
            thread.setContextClassLoader(contextClassLoader);
        } catch (Throwable t) {
            // a thread of a caller's executor may refuse; the run begins and ends all the same
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

    private static void cancel(CompletionStage<CheckResult> stage) {
        try {
            stage.toCompletableFuture().cancel(true);
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
