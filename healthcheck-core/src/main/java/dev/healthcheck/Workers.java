package dev.healthcheck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Daemon threads that share a queue of tasks and wake each other in a chain: a worker that takes a task and sees
 * another one wakes or starts one more worker before it begins. Ten short tasks cost one or two wake-ups, and no task
 * waits behind one that blocks. Thread-safe.
 *
 * <p>Invariant: while a task waits, a worker is on its way to the queue ({@link #seekers}), or no worker could be
 * started and the {@linkplain #onShortage callback} was called. A worker is started only when a task waits and all
 * others are busy; an idle worker ends after 30 s.
 *
 * <p>A failure in here loses no task and no count. A worker that dies is replaced if a task waits.
 */
class Workers implements Executor {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final long idleNanos;
    private final Queue<Runnable> tasks;
    /** The number of workers on their way to the queue: read after adding a task, lowered before the last look. */
    private final AtomicInteger seekers = new AtomicInteger();

    private volatile Runnable shortage = () -> {};

    private final Object lock = new Object();

    // guarded by lock
    private int alive;
    /** A list, as an ArrayDeque loses its content when it cannot grow for want of memory. */
    private final List<Worker> idle = new ArrayList<>();

    private boolean closed;

    Workers() {
        this(IDLE);
    }

    /** Creates workers that end after being idle for that long. */
    Workers(Duration idle) {
        this(idle, new ConcurrentLinkedQueue<>());
    }

    /** Creates workers with a queue that may fail, for tests. */
    Workers(Duration idle, Queue<Runnable> tasks) {
        idleNanos = idle.toNanos();
        this.tasks = tasks;
    }

    /**
     * Runs {@code task} soon on a thread of ours.
     *
     * @throws RejectedExecutionException if there is no thread to run it and none can be started, or whatever else
     *     keeps it from being run; its cause says what
     */
    @Override
    public void execute(Runnable task) {
        try {
            add(task);
        } catch (Throwable t) {
            throw new RejectedExecutionException("no memory for the task", t);
        }
        try {
            seek();
        } catch (Throwable t) { // OutOfMemoryError: unable to create native thread
            boolean refused = tasks.remove(task);
            if (!tasks.isEmpty()) {
                sayShortage(); // others may have counted on the worker that could not be started
            }
            if (refused) {
                throw new RejectedExecutionException("no thread can be started", t);
            }
        }
    }

    /** Runs {@code task} as {@link #execute} does, but has it wait if no thread can be started now. */
    void soon(Runnable task) {
        add(task);
        retry();
    }

    /**
     * Has {@code callback} called whenever a task waits and no thread could be started for it; the callback then sees
     * to it that {@link #retry} is called. The thread that needs a worker calls it, without a lock of ours: it must not
     * block.
     */
    void onShortage(Runnable callback) {
        shortage = callback;
    }

    /** Tries again to get a thread if a task waits for one. Throws nothing. */
    void retry() {
        try {
            if (!tasks.isEmpty()) {
                seek();
            }
        } catch (Throwable t) { // no thread can be started
            sayShortage();
        }
    }

    /** Lets the workers end once nothing is left to do. Later tasks are still run. */
    void close() {
        synchronized (lock) {
            closed = true;
            for (Worker worker : idle) {
                LockSupport.unpark(worker);
            }
        }
    }

    /** Waits until all workers have ended, but not for the calling one. */
    void awaitEnd(long nanos) throws InterruptedException {
        long until = System.nanoTime() + nanos;
        int itself = own(Thread.currentThread()) ? 1 : 0;
        synchronized (lock) {
            while (alive > itself) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                TimeUnit.NANOSECONDS.timedWait(lock, left);
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

    /** Starts the thread of a worker; tests make it fail. */
    void start(Thread worker) {
        worker.start();
    }

    private void add(Runnable task) {
        try {
            tasks.add(task);
        } catch (Throwable t) { // perhaps not before it was added
            tasks.remove(task);
            throw t;
        }
    }

    /** Sees to it that a worker is on its way, as there may be a task that waits. */
    private void seek() {
        if (seekers.get() > 0) {
            return;
        }
        EnoughStack.require(); // or the count of those on their way might be left wrong
        Worker woken = idleOrStarted();
        if (woken != null) {
            LockSupport.unpark(woken); // after the lock, which is what it takes first
        }
    }

    private void sayShortage() {
        try {
            shortage.run();
        } catch (Throwable t) {
            // what waits is taken by the next worker that has finished, or sought for with the next task
        }
    }

    /** The idle worker that is to be woken; null if one was started, or none is needed. */
    private @Nullable Worker idleOrStarted() {
        synchronized (lock) {
            if (seekers.get() > 0 || tasks.isEmpty()) {
                return null;
            }
            if (!idle.isEmpty()) {
                return takeIdle();
            }
            start();
            return null;
        }
    }

    /** Under the lock. */
    private Worker takeIdle() {
        Worker worker = idle.remove(idle.size() - 1);
        worker.seek();
        return worker;
    }

    /** Under the lock. */
    private void start() {
        Worker worker = new Worker();
        worker.seek();
        alive++;
        try {
            start(worker);
        } catch (Throwable t) {
            alive--;
            worker.seekNoMore();
            throw t;
        }
    }

    /** A task that gives its thread a name of its own. The worker takes its usual name again before it runs another. */
    interface NamesItsThread {}

    private final class Worker extends Thread {
        private static final String NAME = "healthcheck-worker";

        /** Counted among the {@link #seekers}. For this thread; while it is idle, guarded by the lock. */
        private boolean seeking;

        /** True when the task does nothing more that takes time. Only this thread uses it. */
        private boolean finished;

        private final ThreadState idleState;

        @SuppressWarnings("ThreadPriorityCheck") // the usual one, whatever the starting thread has
        Worker() {
            super(null, null, NAME, 0, false);
            setDaemon(true);
            setPriority(NORM_PRIORITY);
            setContextClassLoader(null);
            idleState = ThreadState.ofOwn(this);
        }

        @Override
        public void run() {
            try {
                do {
                    runTasks();
                } while (awaitWakeup());
            } finally {
                end();
            }
        }

        boolean isOf(Workers workers) {
            return Workers.this == workers;
        }

        private void seek() {
            seekers.incrementAndGet();
            seeking = true;
        }

        private void seekNoMore() {
            seekers.decrementAndGet();
            seeking = false;
        }

        private void runTasks() {
            Runnable task;
            while ((task = tasks.poll()) != null) {
                seekNoMore();
                retry(); // there may be more
                run(task);
            }
        }

        private void run(Runnable task) {
            finished = false;
            try {
                if (!(task instanceof NamesItsThread)) {
                    Threads.rename(this, NAME);
                }
                task.run();
            } catch (Throwable t) {
                sayThrown(t);
            } finally {
                finish();
            }
        }

        private void finish() {
            if (!finished) {
                finished = true;
                idleState.restoreInterrupt();
                idleState.restore(); // before this worker is counted on, as an MDC may take its time
                seek();
            }
        }

        /** Reports what a task threw, as if the thread had died of it. The application's handler may throw, too. */
        private void sayThrown(Throwable thrown) {
            try {
                getUncaughtExceptionHandler().uncaughtException(this, thrown);
            } catch (Throwable t) {
                // the JVM ignores it, too
            }
        }

        /** Waits for a task. Returns false if the worker is to end. */
        private boolean awaitWakeup() {
            Threads.rename(this, NAME);
            long until = System.nanoTime() + idleNanos;
            synchronized (lock) {
                idle.add(this);
                seekNoMore();
                if (!tasks.isEmpty()) {
                    takeIdle();
                }
            }
            while (true) {
                synchronized (lock) {
                    if (seeking) {
                        return true;
                    }
                    if (closed || until - System.nanoTime() <= 0) {
                        idle.remove(this);
                        return false;
                    }
                }
                LockSupport.parkNanos(this, until - System.nanoTime());
                Thread.interrupted(); // an interrupt that nobody meant would end every further wait at once
            }
        }

        /** Removes this worker from all counts, whatever it has died of. */
        private void end() {
            synchronized (lock) {
                idle.remove(this);
                if (seeking) {
                    seekNoMore();
                }
                alive--;
                lock.notifyAll();
            }
            retry();
        }
    }
}
