package dev.healthcheck;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Gives runs to threads: those of the registry, or those of a caller's executor. Thread-safe. */
final class RunLauncher {
    private final Workers workers;
    private final @Nullable Executor executor;
    private final EventDispatcher events;
    private final Ticker ticker;
    private final AtomicBoolean callerRuns = new AtomicBoolean();

    RunLauncher(Workers workers, @Nullable Executor executor, EventDispatcher events, Ticker ticker) {
        this.workers = workers;
        this.executor = executor;
        this.events = events;
        this.ticker = ticker;
    }

    /**
     * Gives {@code run} to a thread.
     *
     * @throws RejectedExecutionException if there is none
     */
    void launch(Task run) {
        workers.execute(executor == null ? run : () -> handOver(run, executor));
    }

    /** The calling thread, if it is ours, does nothing more that takes time; but a caller's executor may. */
    void finishing() {
        if (executor == null) {
            Workers.finishing();
        }
    }

    /** Runs on a thread of ours, as a caller's executor may block, or run the check on the thread that calls it. */
    private void handOver(Task run, Executor to) {
        Thread here = Thread.currentThread();
        run.handingOver();
        try {
            run.backlog().give(ticker.nanos());
            give(run, to, here);
        } catch (Throwable t) { // whatever it is, there is no thread
            run.rejected(t);
        } finally {
            run.handedOver();
        }
    }

    private void give(Task run, Executor to, Thread here) {
        try {
            to.execute(() -> {
                run.backlog().taken();
                if (Thread.currentThread() == here && callerRuns.compareAndSet(false, true)) {
                    events.say(
                            log -> log.warn("The executor given to the registry runs tasks on the calling thread: its"
                                    + " checks now run on threads of the registry"));
                }
                run.run();
            });
        } catch (Throwable t) {
            run.backlog().refused();
            throw t;
        }
    }

    /** A run as this class knows it. */
    interface Task extends Runnable {

        /** Returns the backlog of its check. */
        Backlog backlog();

        /** A thread of ours is busy with giving this to a caller's executor, which may block. */
        void handingOver();

        /** That thread is no longer busy with it. */
        void handedOver();

        /** There is no thread for it. */
        void rejected(Throwable why);
    }
}
