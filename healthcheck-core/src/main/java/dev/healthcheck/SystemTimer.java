package dev.healthcheck;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Real time: {@link System#nanoTime()} and one daemon thread, which ends when nothing has been scheduled for a while. */
final class SystemTimer implements Timer {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ScheduledThreadPoolExecutor scheduler;

    SystemTimer() {
        this(IDLE, task -> Threads.daemon("healthcheck-timer", task));
    }

    /** With a thread that ends after being idle for that long. */
    SystemTimer(Duration idle, ThreadFactory threads) {
        scheduler = new ScheduledThreadPoolExecutor(1, threads);
        scheduler.setKeepAliveTime(idle.toNanos(), TimeUnit.NANOSECONDS);
        scheduler.allowCoreThreadTimeOut(true);
        scheduler.setRemoveOnCancelPolicy(true);
        // after close() nothing is scheduled, and whoever asks must not fail for it
        scheduler.setRejectedExecutionHandler((task, closed) -> {});
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Wakeup schedule(long delayNanos, Runnable task) {
        try {
            var future = scheduler.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (OutOfMemoryError e) {
            // no thread for the timer now: the task waits for one, and whoever asks meanwhile sees what is overdue
            return () -> {};
        }
    }

    @Override
    public long jittered(long nanos) {
        return (long) (nanos * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
