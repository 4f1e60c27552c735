package dev.healthcheck.http;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after the other on other threads, so that tasks that block hold one thread. Thread-safe.
 *
 * <p>Invariant: {@code left} counts the tasks that have not ended; while it is positive, exactly one thread runs them, or
 * was asked for.
 */
final class SerialExecutor implements Executor {
    private static final long STUCK = TimeUnit.SECONDS.toNanos(1);

    private final Executor threads;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger left = new AtomicInteger();
    /** When the current task began, or its thread was asked for. */
    private volatile long begun;

    SerialExecutor(Executor threads) {
        this.threads = threads;
    }

    /** Runs {@code task} after those before it. It must not throw. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (left.getAndIncrement() == 0) {
            begun = System.nanoTime();
            threads.execute(this::runAll);
        }
    }

    /** Returns whether one task has taken, or waited for its thread, so long that others should not wait for it. */
    boolean isStuck() {
        return left.get() > 0 && System.nanoTime() - begun > STUCK;
    }

    private void runAll() {
        do {
            begun = System.nanoTime();
            tasks.remove().run();
        } while (left.decrementAndGet() > 0);
    }
}
