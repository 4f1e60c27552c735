package dev.healthcheck;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Elapsed time that moves only when told. What is due is called on the thread that tells. Thread-safe. */
final class HandTime implements Timer {
    private final AtomicLong nanos = new AtomicLong();
    private final Queue<Scheduled> scheduled = new ConcurrentLinkedQueue<>();

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Wakeup schedule(long delayNanos, Runnable task) {
        Scheduled entry = new Scheduled(nanos() + delayNanos, task);
        scheduled.add(entry);
        return () -> scheduled.remove(entry);
    }

    @Override
    public long jittered(long length) {
        return length;
    }

    @Override
    public void close() {
        scheduled.clear();
    }

    void advance(Duration by) {
        long now = nanos.addAndGet(by.toNanos());
        for (Scheduled entry : List.copyOf(scheduled)) {
            if (entry.at <= now && scheduled.remove(entry)) {
                entry.task.run();
            }
        }
    }

    /** Equal to itself only: two calls of the same are two. */
    private static final class Scheduled {
        private final long at;
        private final Runnable task;

        Scheduled(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }
    }
}
