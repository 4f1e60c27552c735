package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The time, the threads and the events that all checks of a registry share. Thread-safe. */
final class RegistryContext implements AutoCloseable {
    /** The time until another try after something failed for want of memory. */
    static final long RETRY_AFTER = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long CLOSE_WITHIN = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_RUNS_APART = TimeUnit.MILLISECONDS.toNanos(1);

    /** Dates beyond these two cannot be expressed in milliseconds. */
    private static final Instant FIRST = Instant.ofEpochMilli(Long.MIN_VALUE);

    private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final Timer timer;
    private final InstantSource clock;
    private final Workers workers;
    private final EventDispatcher events;
    private final RunLauncher launcher;
    private final RunTracker runs = new RunTracker();
    private final boolean clockIsForeign;
    private final AtomicInteger firstRuns = new AtomicInteger();
    private final OncePerMinute trouble;
    private final OncePerMinute unasked;
    private final AtomicBoolean saidEmpty = new AtomicBoolean();
    private volatile boolean closed;

    /** Only workers ask the clock if {@code clockIsForeign}, as it may block. */
    RegistryContext(
            Timer timer,
            InstantSource clock,
            boolean clockIsForeign,
            Workers workers,
            @Nullable Executor executor,
            int mostUntold) {
        this.timer = timer;
        this.clock = clock;
        this.clockIsForeign = clockIsForeign;
        trouble = new OncePerMinute(timer);
        unasked = new OncePerMinute(timer);
        this.workers = workers;
        events = new EventDispatcher(workers::soon, timer, mostUntold);
        launcher = new RunLauncher(workers, executor, events, timer);
        Timer.Alarm shortage = timer.alarm(workers::retry);
        workers.onShortage(() -> shortage.callBy(nanos() + RETRY_AFTER));
        Timer.Alarm untold = timer.alarm(events::retry);
        events.onShortage(() -> untold.callBy(nanos() + RETRY_AFTER));
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

    RunLauncher launcher() {
        return launcher;
    }

    RunTracker runs() {
        return runs;
    }

    long nanos() {
        return timer.nanos();
    }

    TimePoint now() {
        return at(timer.nanos());
    }

    /** Returns the point in time {@code nanos}, which is not long ago, with the present date. */
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

    /** A task that must not run on the timer's thread, which therefore gives it to a worker. */
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

    /** One of the planned first runs has begun, or will not begin. */
    void firstRunIsOver() {
        firstRuns.decrementAndGet();
    }

    /** Tries again to get the threads for which tasks wait. */
    void retry() {
        timer.retry();
        workers.retry();
    }

    /** Logs, once a minute at most, that something failed inside the registry and is tried again. Never throws. */
    void sayTrouble(Throwable thrown) {
        try {
            if (trouble.isDue()) {
                events.say(log -> log.warn("a step inside the registry failed; the registry tries it again", thrown));
            }
        } catch (Throwable t) {
            // there is no memory for the log line either
        }
    }

    /** Logs, once a minute at most, that there was no time to ask some checks. */
    void sayUnasked(Supplier<String> words, Duration answerWithin) {
        if (unasked.isDue()) {
            String said = words.get() + " within " + Nanos.inWords(Nanos.of(answerWithin));
            events.say(log -> log.warn("{} (pending)", said));
        }
    }

    /** Logs, once, that no check is registered for readiness. */
    void sayEmpty() {
        if (saidEmpty.compareAndSet(false, true)) {
            events.say(log -> log.warn("readiness is UP although no check is registered for it"));
        }
    }

    /** Returns whether the registry is closed, so that no alarm comes any more. */
    boolean isClosed() {
        return closed;
    }

    /** Runs {@code task} as {@link #soon} does, or on this thread if there is no memory for that. Never throws. */
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

    /** Runs {@code task}, which may call foreign code, as soon as there is a thread for it. */
    void soon(Runnable task) {
        workers.soon(task);
    }

    /**
     * Waits for runs and threads to end, one second in all; not at all when called by one of them. Says which runs go
     * on after that.
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
            runs.awaitEnd(until);
            workers.awaitEnd(until - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sayLeft();
    }

    private void sayLeft() {
        List<String> left = runs.namesExceptOn(Thread.currentThread());
        if (!left.isEmpty()) {
            events.say(log -> log.warn(
                    "closed; {} not ended yet: {}",
                    left.size() == 1 ? "1 run has" : left.size() + " runs have",
                    String.join(", ", left)));
        }
    }

    /** Returns whether the thread runs a task or a check of this registry, which must not wait for itself. */
    private boolean isOurs(Thread thread) {
        return workers.own(thread) || runs.isRunning(thread);
    }
}
