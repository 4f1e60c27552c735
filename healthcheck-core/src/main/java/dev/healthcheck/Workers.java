package dev.healthcheck;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Daemon threads that share their tasks and wake each other in a chain: whoever takes a task and sees another wakes or
 * starts one more worker before it begins. Ten short tasks thus cost one or two wake-ups, and no task ever waits behind
 * one that blocks.
 *
 * <p>Invariant: while a task waits, some worker is on its way to the queue ({@link #seeking}). There are never more
 * workers than unfinished tasks at the moment the last of them was started; idle ones end after 30 seconds.
 */
class Workers implements Executor {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final long idleNanos;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicBoolean seeking = new AtomicBoolean();

    // guarded by all
    private final Set<Worker> all = new HashSet<>();
    private final ArrayDeque<Worker> idle = new ArrayDeque<>();
    private boolean closed;

    Workers() {
        this(IDLE);
    }

    /** With idle workers that end after that long. */
    Workers(Duration idle) {
        idleNanos = idle.toNanos();
    }

    /**
     * Runs {@code task} soon on a thread of ours.
     *
     * @throws RejectedExecutionException if there is no thread to run it, and none can be started
     */
    @Override
    public void execute(Runnable task) {
        unfinished.incrementAndGet();
        tasks.add(task);
        try {
            seek();
        } catch (Throwable t) { // OutOfMemoryError: unable to create native thread
            if (tasks.remove(task)) {
                unfinished.decrementAndGet();
                throw new RejectedExecutionException("no thread to be had", t);
            }
        }
    }

    /** As {@link #execute}, but where no thread can be started now the task waits until there is one. */
    void soon(Runnable task) {
        unfinished.incrementAndGet();
        tasks.add(task);
        seekIfPossible();
    }

    /** Lets the workers end once nothing is left to do. Later tasks are still run. */
    void close() {
        synchronized (all) {
            closed = true;
            for (Worker worker : idle) {
                LockSupport.unpark(worker);
            }
        }
    }

    /** Waits until all workers have ended, but not for the calling one. */
    void awaitEnd(long nanos) throws InterruptedException {
        long until = System.nanoTime() + nanos;
        synchronized (all) {
            while (!all.isEmpty() && !all.equals(Set.of(Thread.currentThread()))) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                TimeUnit.NANOSECONDS.timedWait(all, left);
            }
        }
    }

    /**
     * Says that the task of the calling worker does nothing more that takes time, so that what it makes known now does
     * not lead to one worker more.
     */
    static void finishing() {
        if (Thread.currentThread() instanceof Worker worker) {
            worker.finish();
        }
    }

    static boolean isWorker(Thread thread) {
        return thread instanceof Worker;
    }

    boolean own(Thread thread) {
        return thread instanceof Worker worker && worker.isOf(this);
    }

    private void seek() {
        if (seeking.compareAndSet(false, true)) {
            try {
                wakeOrStart();
            } catch (Throwable t) {
                seeking.set(false);
                throw t;
            }
        }
    }

    private void seekIfPossible() {
        try {
            seek();
        } catch (Throwable t) {
            // no further thread to be had: what waits is taken by the next worker that has finished
        }
    }

    private void wakeOrStart() {
        Worker woken = idleOrStarted();
        if (woken != null) {
            LockSupport.unpark(woken); // after the lock, which is what it takes first
        }
    }

    /** The idle worker that is to be woken; null if one was started, or none is needed. */
    private @Nullable Worker idleOrStarted() {
        synchronized (all) {
            Worker worker = idle.pollLast();
            if (worker != null) {
                worker.woken = true;
                worker.seeker = true;
            } else if (all.size() < unfinished.get()) {
                start();
            } else {
                seeking.set(false); // some worker has finished its task and is about to look for the next
            }
            return worker;
        }
    }

    private void start() {
        Worker worker = new Worker();
        all.add(worker);
        try {
            worker.start();
        } catch (Throwable t) {
            all.remove(worker);
            throw t;
        }
    }

    private final class Worker extends Thread {
        private static final String NAME = "healthcheck-worker";

        /** Guarded by all: taken from the idle ones to look for a task. */
        private boolean woken;

        /** Handed over with a start or a wake-up: others need not seek until this one has looked. */
        private boolean seeker = true;

        /** Only for this thread: its task does nothing more that takes time. */
        private boolean finished;

        Worker() {
            super(null, null, NAME, 0, false);
            setDaemon(true);
            setContextClassLoader(null);
        }

        @Override
        public void run() {
            do {
                runTasks();
            } while (awaitWakeup());
        }

        boolean isOf(Workers workers) {
            return Workers.this == workers;
        }

        private void runTasks() {
            Runnable task;
            while ((task = next()) != null) {
                finished = false;
                try {
                    if (!(task instanceof Run)) { // which names its thread after its check
                        Threads.rename(this, NAME);
                    }
                    task.run();
                } catch (Throwable t) {
                    getUncaughtExceptionHandler().uncaughtException(this, t);
                } finally {
                    finish();
                    Thread.interrupted(); // one task's interrupt is not the next one's
                }
            }
        }

        private void finish() {
            if (!finished) {
                finished = true;
                unfinished.decrementAndGet();
            }
        }

        private @Nullable Runnable next() {
            while (true) {
                Runnable task = tasks.poll();
                if (seeker) {
                    seeker = false;
                    seeking.set(false);
                }
                if (tasks.isEmpty()) {
                    return task;
                }
                if (task != null) {
                    seekIfPossible();
                    return task;
                }
            }
        }

        /** Whether to go on; if not, this worker counts no more. */
        private boolean awaitWakeup() {
            Threads.rename(this, NAME);
            long until = System.nanoTime() + idleNanos;
            synchronized (all) {
                woken = !tasks.isEmpty();
                if (!woken) {
                    idle.addLast(this);
                }
            }
            while (true) {
                synchronized (all) {
                    if (woken) {
                        return true;
                    }
                    if (closed || until - System.nanoTime() <= 0) {
                        idle.remove(this);
                        all.remove(this);
                        all.notifyAll();
                        return false;
                    }
                }
                LockSupport.parkNanos(this, until - System.nanoTime());
            }
        }
    }
}
