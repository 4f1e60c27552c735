package dev.healthcheck.checks;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives an executor an empty task and measures how long the task waits to run. Invariant: at most one task waits. A task that
 * waits for very long may be lost, because thread pools can discard tasks silently; then another one replaces it.
 */
final class Responsiveness implements HealthCheck {
    private static final Duration FIRST_PATIENCE = Duration.ofMinutes(1);

    private final Executor executor;
    private final Duration limit;
    private final LongSupplier nanos;
    private final AtomicReference<@Nullable Task> latest = new AtomicReference<>();

    Responsiveness(Executor executor, Duration limit, LongSupplier nanos) {
        this.executor = executor;
        this.limit = limit;
        this.nanos = nanos;
    }

    @Override
    public CheckResult check() throws InterruptedException {
        return check(limit);
    }

    @Override
    public CheckResult check(Deadline deadline) throws InterruptedException {
        Duration budget = deadline.ownBudget();
        return check(budget.compareTo(limit) < 0 ? budget : limit);
    }

    private CheckResult check(Duration wait) throws InterruptedException {
        try {
            Task task = waitingTask();
            return task.hasRunWithin(wait) ? CheckResult.up() : late(task.waiting());
        } catch (RejectedExecutionException e) {
            return CheckResult.down(e).withReason("rejected");
        }
    }

    private CheckResult late(Duration waiting) {
        String message = "a task has been waiting for " + Words.duration(waiting);
        CheckResult result = waiting.compareTo(limit) < 0
                ? CheckResult.degraded(message).withReason("slow")
                : CheckResult.down(message).withReason("unresponsive");
        return result.withDetail("waitingMs", waiting.toMillis()).withDetail("limitMs", limit.toMillis());
    }

    /** Returns the task that already waits, or a new one. */
    private Task waitingTask() {
        Task last = latest.get();
        if (last != null && last.isWaiting()) {
            return last;
        }
        Task task = last == null || last.hasRun() ? new Task(nanos.getAsLong(), FIRST_PATIENCE) : last.replacement();
        if (!latest.compareAndSet(last, task)) {
            return waitingTask();
        }
        hand(task);
        return task;
    }

    private void hand(Task task) {
        try {
            executor.execute(task);
        } catch (Throwable t) {
            task.run(); // otherwise the next run would wait for it
            throw t;
        }
    }

    private final class Task implements Runnable {
        private final long since;
        private final Duration patience;
        private final CountDownLatch toBeRun = new CountDownLatch(1);

        /** {@code since} is when the first of the consecutive tasks that have not run was given away. */
        Task(long since, Duration patience) {
            this.since = since;
            this.patience = patience;
        }

        /** Doubles the patience each time: an executor that hangs for days collects only a few tasks. */
        Task replacement() {
            return new Task(since, patience.multipliedBy(2));
        }

        @Override
        public void run() {
            toBeRun.countDown();
        }

        Duration waiting() {
            return Duration.ofNanos(nanos.getAsLong() - since);
        }

        boolean hasRun() {
            return toBeRun.getCount() == 0;
        }

        boolean hasRunWithin(Duration wait) throws InterruptedException {
            return toBeRun.await(wait.toNanos(), NANOSECONDS);
        }

        boolean isWaiting() {
            return !hasRun() && waiting().compareTo(patience) < 0;
        }
    }
}
