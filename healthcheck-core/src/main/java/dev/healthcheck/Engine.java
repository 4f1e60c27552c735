package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What the checks of one registry share: time, threads, and the way to the log and the listeners. Thread-safe. */
final class Engine implements AutoCloseable {
    private static final long CLOSE_WITHIN = TimeUnit.SECONDS.toNanos(1);

    /** Beyond these a date cannot be told in milliseconds. */
    private static final Instant FIRST = Instant.ofEpochMilli(Long.MIN_VALUE);

    private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final Timer timer;
    private final InstantSource clock;
    private final @Nullable Executor executor;
    private final Workers workers;
    private final Events events;
    private final AtomicBoolean callerRuns = new AtomicBoolean();
    /** The runs that are on a thread. */
    private final Set<Run> running = ConcurrentHashMap.newKeySet();

    Engine(Timer timer, InstantSource clock, Workers workers, @Nullable Executor executor) {
        this.timer = timer;
        this.clock = clock;
        this.workers = workers;
        this.executor = executor;
        events = new Events(workers::soon);
    }

    Ticker ticker() {
        return timer;
    }

    Timer timer() {
        return timer;
    }

    Events events() {
        return events;
    }

    long nanos() {
        return timer.nanos();
    }

    Moment now() {
        return at(timer.nanos());
    }

    /** A moment that has just been. */
    Moment at(long nanos) {
        return new Moment(nanos, date());
    }

    Instant date() {
        try {
            Instant date = requireNonNull(clock.instant(), "instant");
            return date.isBefore(FIRST) ? FIRST : date.isAfter(LAST) ? LAST : date;
        } catch (Throwable t) { // a clock is no reason not to answer
            return Instant.now();
        }
    }

    /**
     * Gives {@code run} to a thread.
     *
     * @throws RejectedExecutionException if there is none
     */
    void start(Run run) {
        workers.execute(executor == null ? run : () -> handOver(run, executor));
    }

    /** On a thread of ours, for a caller's executor may block, and may run the check on the thread that calls it. */
    private void handOver(Run run, Executor to) {
        Thread here = Thread.currentThread();
        try {
            to.execute(() -> {
                if (Thread.currentThread() == here && callerRuns.compareAndSet(false, true)) {
                    events.say(
                            log -> log.warn("The executor given to the registry runs tasks on the calling thread: its"
                                    + " checks now run on threads of the registry"));
                }
                run.run();
            });
        } catch (Throwable t) { // whatever it is, there is no thread
            run.rejected(t);
        }
    }

    /** Runs what may call foreign code, as soon as there is a thread for it. */
    void soon(Runnable task) {
        workers.soon(task);
    }

    void entered(Run run) {
        running.add(run);
    }

    /** The calling thread, if it is ours, does nothing more that takes time; but a caller's executor may. */
    void finishing() {
        if (executor == null) {
            Workers.finishing();
        }
    }

    void left(Run run) {
        if (running.remove(run) && running.isEmpty()) {
            synchronized (running) {
                running.notifyAll();
            }
        }
    }

    /** Waits for runs and threads to end, one second in all; not at all when called by one of them. */
    @Override
    public void close() {
        timer.close();
        workers.close();
        if (isOurs(Thread.currentThread())) {
            return;
        }
        long until = System.nanoTime() + CLOSE_WITHIN;
        try {
            awaitRuns(until);
            workers.awaitEnd(until - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether somebody waits for this thread who must not wait for himself. */
    private boolean isOurs(Thread thread) {
        return workers.own(thread) || running.stream().anyMatch(run -> run.isOn(thread));
    }

    private void awaitRuns(long until) throws InterruptedException {
        synchronized (running) {
            for (long left; !running.isEmpty() && (left = until - System.nanoTime()) > 0; ) {
                TimeUnit.NANOSECONDS.timedWait(running, left);
            }
        }
    }
}
