package dev.healthcheck;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks until a report is not DOWN, while the registry is open. Thread-safe. Nobody asks or waits any more once it is
 * closed.
 */
final class StartLatch {
    private static final long ASK_EVERY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final CompletableFuture<Void> NEVER = new CompletableFuture<>();

    private final Ticker ticker;

    // guarded by this
    private boolean closed;

    StartLatch(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Ends every wait. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Returns true when a report is not DOWN, and false after {@code atMost} or {@link #close}. */
    boolean await(Supplier<CompletableFuture<HealthReport>> question, Duration atMost) throws InterruptedException {
        long until = ticker.nanos() + Nanos.of(atMost);
        boolean inTime = true;
        while (inTime && isOpen()) {
            long again = ticker.nanos() + ASK_EVERY;
            CompletableFuture<HealthReport> answer = question.get();
            var unused = answer.whenComplete((report, failure) -> look());
            await(answer, until);
            if (isOpen() && isUp(answer)) {
                return true;
            }
            await(NEVER, Nanos.earlier(again, until));
            inTime = until - ticker.nanos() > 0;
        }
        return false;
    }

    /** An answer that failed for want of memory is none. */
    private static boolean isUp(CompletableFuture<HealthReport> answer) {
        return answer.isDone()
                && !answer.isCompletedExceptionally()
                && answer.join().status() != Status.DOWN;
    }

    private synchronized void await(CompletableFuture<?> done, long until) throws InterruptedException {
        long left = until - ticker.nanos();
        while (!closed && !done.isDone() && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = until - ticker.nanos();
        }
    }

    private synchronized void look() {
        notifyAll();
    }

    private synchronized boolean isOpen() {
        return !closed;
    }
}
