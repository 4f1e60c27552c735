package dev.healthcheck.micrometer;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with one meter registry, whose code may block or throw: one task at a time, on threads of the
 * executor. Thread-safe. Adding a task does not block.
 *
 * <p>Bounded: of each lane 4,096 tasks wait at most, and a further one drops the oldest. A {@linkplain #renew renewal}
 * is not a task but a mark, so none is lost. It comes before the tasks.
 *
 * <p>Invariant: while something waits, a thread is {@code working}, or the executor has refused the last one. Then the
 * next call asks it again.
 */
final class Mailbox {
    private static final int MOST = 4096;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

    private final Executor executor;
    private final Runnable renewal;

    private final Object lock = new Object();

    // guarded by lock
    private final Queue<Runnable> runs = new ArrayDeque<>();
    private final Queue<Runnable> answers = new ArrayDeque<>();
    private boolean stale;
    private boolean working;
    private long dropped;
    private @Nullable Runnable last;
    private boolean closed;

    Mailbox(Executor executor, Runnable renewal) {
        this.executor = executor;
        this.renewal = renewal;
    }

    void addRun(Runnable task) {
        add(runs, task);
    }

    void addAnswer(Runnable task) {
        add(answers, task);
    }

    /** Has the renewal run, once, however often this is called before it begins. */
    void renew() {
        synchronized (lock) {
            stale = true;
        }
        ask();
    }

    /** Runs {@code task} on this thread, before everything else. For a mailbox that nobody else knows yet. */
    void begin(Runnable task) {
        synchronized (lock) {
            working = true;
        }
        try {
            task.run();
        } finally {
            synchronized (lock) {
                working = false;
            }
            ask();
        }
    }

    /**
     * Drops what waits, and runs {@code task} as the last one: on this thread when the task in progress has ended, or
     * on the thread of that task if it takes longer than a second.
     */
    void close(Runnable task) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            runs.clear();
            answers.clear();
            if (!awaitTurn()) {
                last = task;
                return;
            }
            working = true;
        }
        task.run();
    }

    /** Returns the number of tasks that were dropped because too many waited. */
    long dropped() {
        synchronized (lock) {
            return dropped;
        }
    }

    private void add(Queue<Runnable> lane, Runnable task) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (lane.size() >= MOST) {
                lane.remove();
                dropped++;
            }
            lane.add(task);
        }
        ask();
    }

    private void ask() {
        synchronized (lock) {
            if (working || closed || !hasWork()) {
                return;
            }
            working = true;
        }
        boolean taken = false;
        try {
            executor.execute(this::work);
            taken = true;
        } finally {
            if (!taken) {
                synchronized (lock) {
                    working = false;
                    lock.notifyAll();
                }
            }
        }
    }

    private boolean hasWork() {
        return stale || !runs.isEmpty() || !answers.isEmpty();
    }

    private void work() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable t) {
                // For want of memory: what is foreign is contained by the task. The next one may succeed.
            }
        }
    }

    /** Returns what is to be done next; null if nothing, which ends the work. */
    private @Nullable Runnable next() {
        synchronized (lock) {
            Runnable task = closed ? last : stale ? renewal : runs.isEmpty() ? answers.poll() : runs.poll();
            last = null;
            stale = false;
            working = task != null;
            lock.notifyAll();
            return task;
        }
    }

    /** Waits until nobody works. Returns false if that takes too long. */
    private boolean awaitTurn() {
        long until = System.nanoTime() + PATIENCE;
        try {
            for (long left = PATIENCE; working && left > 0; left = until - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !working;
    }
}
