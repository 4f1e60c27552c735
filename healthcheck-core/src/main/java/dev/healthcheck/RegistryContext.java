package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the checks of one registry share: time, threads, and the way to the log and the listeners. Thread-safe. */
final class RegistryContext implements AutoCloseable {
    /** When something failed for want of memory. */
    static final long RETRY_AFTER = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long CLOSE_WITHIN = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_RUNS_APART = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long TROUBLE_APART = TimeUnit.MINUTES.toNanos(1);

    /** Beyond these a date cannot be told in milliseconds. */
    private static final Instant FIRST = Instant.ofEpochMilli(Long.MIN_VALUE);

    private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final Timer timer;
    private final InstantSource clock;
    private final @Nullable Executor executor;
    private final Workers workers;
    private final EventDispatcher events;
    private final boolean clockIsForeign;
    private final AtomicBoolean callerRuns = new AtomicBoolean();
    private final AtomicInteger firstRuns = new AtomicInteger();
    private final AtomicLong troubleReportedAt;
    private volatile boolean closed;
    /** The runs that are on a thread. */
    private final Set<Run> running = ConcurrentHashMap.newKeySet();

    /** {@code clockIsForeign}: it may block, so that only workers may ask it. */
    RegistryContext(
            Timer timer, InstantSource clock, boolean clockIsForeign, Workers workers, @Nullable Executor executor) {
        this.timer = timer;
        this.clock = clock;
        this.clockIsForeign = clockIsForeign;
        troubleReportedAt = new AtomicLong(timer.nanos() - TROUBLE_APART);
        this.workers = workers;
        this.executor = executor;
        events = new EventDispatcher(workers::soon);
        Timer.Alarm shortage = timer.alarm(workers::retry);
        workers.onShortage(() -> shortage.callBy(nanos() + RETRY_AFTER));
    }

    Ticker ticker() {
        return timer;
    }

    Timer timer() {
        return timer;
    }

    EventDispatcher events() {
        return events;
    }

    long nanos() {
        return timer.nanos();
    }

    TimePoint now() {
        return at(timer.nanos());
    }

    /** A moment that has just been. */
    TimePoint at(long nanos) {
        return new TimePoint(nanos, date());
    }

    Instant date() {
        try {
            Instant date = requireNonNull(clock.instant(), "instant");
            return date.isBefore(FIRST) ? FIRST : date.isAfter(LAST) ? LAST : date;
        } catch (Throwable t) { // a clock is no reason not to answer
            return Instant.now();
        }
    }

    /** Returns an alarm for a task that may ask for the date. */
    Timer.Alarm alarm(Runnable task) {
        return clockIsForeign ? new Handed(task).alarm : timer.alarm(task);
    }

    /** What cannot be done on the timer's thread, and is given to a worker there. */
    private final class Handed {
        private final Runnable task;
        private final Timer.Alarm alarm = timer.alarm(this::handOver);

        Handed(Runnable task) {
            this.task = task;
        }

        private void handOver() {
            try {
                soon(task);
            } catch (Throwable t) { // no memory to put it into the queue
                alarm.callBy(nanos() + RETRY_AFTER);
            }
        }
    }

    /** Returns how long one more first run has to wait, so that many do not need many threads at once. */
    long planFirstRun(long atMost) {
        return Math.min(firstRuns.getAndIncrement() * FIRST_RUNS_APART, atMost);
    }

    /** One of these runs has begun, or will not. */
    void firstRunIsOver() {
        firstRuns.decrementAndGet();
    }

    /** Whoever asks helps what had to be left for want of threads. */
    void retry() {
        timer.retry();
        workers.retry();
    }

    /** Says, once a minute at most, that something failed inside; it is tried again. */
    void sayTrouble(Throwable trouble) {
        try {
            long now = nanos();
            long reportedAt = troubleReportedAt.get();
            if (now - reportedAt >= TROUBLE_APART && troubleReportedAt.compareAndSet(reportedAt, now)) {
                events.say(log -> log.warn("Something failed inside the registry, and is tried again", trouble));
            }
        } catch (Throwable t) {
            // not even that can be said
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
        run.handingOver();
        try {
            run.backlog().give(nanos());
            give(run, to, here);
        } catch (Throwable t) { // whatever it is, there is no thread
            run.rejected(t);
        } finally {
            run.handedOver();
        }
    }

    private void give(Run run, Executor to, Thread here) {
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

    /** Whether nothing wakes anybody any more. */
    boolean isClosed() {
        return closed;
    }

    /** As {@link #soon}; without memory for that, on this thread. Never throws. */
    void soonOrNow(Runnable task) {
        try {
            soon(task);
        } catch (Throwable t) {
            contained(task);
        }
    }

    private void contained(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) {
            sayTrouble(t);
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

    /**
     * Waits for runs and threads to end, one second in all; not at all when called by one of them. Says which runs go on
     * after that.
     */
    @Override
    public void close() {
        timer.close();
        workers.close();
        closed = true;
        if (isOurs(Thread.currentThread())) {
            sayLeft();
            return;
        }
        long until = System.nanoTime() + CLOSE_WITHIN;
        try {
            awaitRuns(until);
            workers.awaitEnd(until - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sayLeft();
    }

    private void sayLeft() {
        Thread current = Thread.currentThread();
        List<String> left = running.stream()
                .filter(run -> !run.isOn(current))
                .map(Run::name)
                .sorted()
                .toList();
        if (!left.isEmpty()) {
            events.say(log -> log.warn(
                    "closed; {} not ended yet: {}",
                    left.size() == 1 ? "1 run has" : left.size() + " runs have",
                    String.join(", ", left)));
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
