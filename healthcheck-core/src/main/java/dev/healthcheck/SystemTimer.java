package dev.healthcheck;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Real time: {@link System#nanoTime()} and one daemon thread, which ends when nothing has been set for a while.
 *
 * <p>Invariant: the alarms that are set form a binary heap, the earliest first, with room for every alarm that is not
 * closed. To set one takes no memory and calls nothing while the heap is being changed, so that no Error can leave a
 * check without its wake-up or the heap in disorder.
 */
final class SystemTimer implements Timer {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final long idleNanos;
    private final ThreadFactory threads;

    // guarded by this
    private Entry[] heap = new Entry[8];
    private int set;
    private int open;
    private boolean closed;
    private @Nullable Thread thread;

    SystemTimer() {
        this(IDLE, task -> Threads.daemon("healthcheck-timer", task));
    }

    /** Creates a timer whose thread ends after being idle for that long. */
    SystemTimer(Duration idle, ThreadFactory threads) {
        idleNanos = idle.toNanos();
        this.threads = threads;
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Alarm alarm(Runnable task) {
        Entry entry = new Entry(task);
        synchronized (this) {
            if (open == heap.length) {
                heap = Arrays.copyOf(heap, 2 * open);
            }
            open++;
        }
        return entry;
    }

    @Override
    public long jittered(long nanos) {
        return (long) (nanos * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
    }

    @Override
    public void retry() {
        startIfNeeded();
    }

    @Override
    public void close() {
        Thread sleeping;
        synchronized (this) {
            closed = true;
            heap = new Entry[0];
            set = 0;
            sleeping = thread;
        }
        LockSupport.unpark(sleeping);
    }

    private void set(Entry entry, long at) {
        Thread sleeping;
        synchronized (this) {
            if (closed || entry.closed || (entry.index >= 0 && entry.at - at <= 0)) {
                return;
            }
            place(entry, at, entry.index < 0 ? set : entry.index);
            sleeping = entry.index == 0 ? thread : null;
        }
        LockSupport.unpark(sleeping);
        startIfNeeded();
    }

    private synchronized void close(Entry entry) {
        if (!entry.closed) {
            entry.closed = true;
            open--;
            if (!closed) {
                remove(entry);
            }
        }
    }

    private void remove(Entry entry) {
        if (entry.index < 0) {
            return;
        }
        Entry last = heap[set - 1];
        if (last != entry) {
            place(last, last.at, entry.index);
        }
        heap[--set] = null;
        entry.index = -1;
    }

    /**
     * Puts {@code entry} where it belongs, from the place {@code from} on, which is free. Calls nothing, on purpose.
     */
    private void place(Entry entry, long at, int from) {
        int hole = from;
        entry.at = at;
        if (hole == set) {
            set++;
        }
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            if (heap[parent].at - at <= 0) {
                break;
            }
            heap[hole] = heap[parent];
            heap[hole].index = hole;
            hole = parent;
        }
        while (true) {
            int child = 2 * hole + 1;
            if (child >= set) {
                break;
            }
            if (child + 1 < set && heap[child + 1].at - heap[child].at < 0) {
                child++;
            }
            if (heap[child].at - at >= 0) {
                break;
            }
            heap[hole] = heap[child];
            heap[hole].index = hole;
            hole = child;
        }
        heap[hole] = entry;
        entry.index = hole;
    }

    /** If no thread can be started now, the next call that sets an alarm or asks tries again. */
    private void startIfNeeded() {
        try {
            synchronized (this) {
                if (thread == null && set > 0) {
                    Thread started = threads.newThread(this::work);
                    started.start();
                    thread = started;
                }
            }
        } catch (Throwable t) {
            // OutOfMemoryError: unable to create native thread
        }
    }

    private void work() {
        long idleSince = nanos();
        while (true) {
            try {
                Entry due;
                long wait;
                synchronized (this) {
                    long now = nanos();
                    if (set > 0) {
                        idleSince = now;
                    }
                    if (closed || now - idleSince >= idleNanos) {
                        thread = null;
                        return;
                    }
                    due = set > 0 && heap[0].at - now <= 0 ? heap[0] : null;
                    if (due != null) {
                        remove(due);
                    }
                    wait = set > 0 ? heap[0].at - now : idleNanos;
                }
                if (due != null) {
                    due.task.run();
                } else {
                    LockSupport.parkNanos(this, wait);
                }
            } catch (Throwable t) {
                // a task's Error is its own problem
            }
            Thread.interrupted(); // or no later park would wait
        }
    }

    private final class Entry implements Alarm {
        private final Runnable task;

        // guarded by the timer
        private long at;
        private int index = -1;
        private boolean closed;

        Entry(Runnable task) {
            this.task = task;
        }

        @Override
        public void callBy(long time) {
            SystemTimer.this.set(this, time);
        }

        @Override
        public void close() {
            SystemTimer.this.close(this);
        }
    }
}
