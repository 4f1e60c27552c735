package dev.healthcheck;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that is in the check's own code for one run, if any. Thread-safe.
 *
 * <p>Invariant: the thread is interrupted for the run only while it is in there, and takes no interrupt of ours along
 * when it leaves. No lock is held during {@link Thread#interrupt}, which is foreign code.
 */
final class RunThread implements Supplier<List<StackTraceElement>> {
    private volatile @Nullable Thread thread;
    private volatile boolean givenUp;

    // guarded by this
    private boolean toBeInterrupted;
    private int interrupters;

    /** The calling thread is about to call the check. It is interrupted at once if the run is given up already. */
    void enter(Thread current) {
        boolean late;
        synchronized (this) {
            thread = current;
            late = toBeInterrupted;
        }
        if (late) {
            current.interrupt();
        }
    }

    /** The calling thread has come back from the check, if it has entered at all. */
    synchronized void leave() {
        while (interrupters > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                // the interrupt has come; the thread that sends it may still be busy
            }
        }
        thread = null;
        if (givenUp) {
            Thread.interrupted();
        }
    }

    /** The run is given up. Returns what interrupting its thread threw; null if nothing, or if it is not to be done. */
    @Nullable
    Throwable giveUp(boolean interrupt) {
        Thread runner;
        synchronized (this) {
            givenUp = true;
            toBeInterrupted = interrupt;
            runner = interrupt ? thread : null;
            interrupters += runner == null ? 0 : 1;
        }
        return runner == null ? null : interrupt(runner);
    }

    /** An interrupt closes the channel that the thread waits for, which may block, or throw. */
    private @Nullable Throwable interrupt(Thread runner) {
        try {
            runner.interrupt();
            return null;
        } catch (Throwable t) {
            return t;
        } finally {
            synchronized (this) {
                interrupters--;
                notifyAll();
            }
        }
    }

    boolean isGivenUp() {
        return givenUp;
    }

    boolean is(Thread other) {
        return thread == other;
    }

    /** Returns where the thread is; empty if there is none. */
    @Override
    public List<StackTraceElement> get() {
        Thread runner = thread;
        if (runner == null) {
            return List.of();
        }
        List<StackTraceElement> stack = List.of(runner.getStackTrace());
        return thread == runner ? stack : List.of();
    }
}
