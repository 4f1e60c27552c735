package dev.healthcheck;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A check that holds no thread while it waits. The registry calls {@link #checkAsync(Deadline)} on a thread of its own,
 * because starting may block (a name look-up, a connect); only the waiting is free.
 *
 * <p>At the deadline the returned stage is {@linkplain CompletableFuture#cancel(boolean) cancelled} and the next run
 * starts no earlier than one timeout later. Return the stage at which the work itself hangs, not one derived from it:
 * the cancellation of a derived stage does not reach its source. A stage that stays incomplete for good although it was
 * cancelled is counted like a lost thread: after three of them the check is not run again until one completes.
 */
@FunctionalInterface
@SuppressWarnings("FunctionalInterfaceMethodChanged") // either method asks the same question
public interface AsyncHealthCheck extends HealthCheck {

    /**
     * Starts to ask the question.
     *
     * @return completes with what was found; an exceptional completion, or null, is {@link Status#DOWN}, reason
     *     {@code threw}
     * @throws Exception if the question could not be asked: {@link Status#DOWN}, reason {@code threw}
     */
    CompletionStage<CheckResult> checkAsync() throws Exception;

    /**
     * Starts to ask the question, knowing until when the answer is of use. By default the same as
     * {@link #checkAsync()}.
     *
     * @param deadline when this run is overdue
     * @return as {@link #checkAsync()}
     * @throws Exception as {@link #checkAsync()}
     */
    default CompletionStage<CheckResult> checkAsync(Deadline deadline) throws Exception {
        return checkAsync();
    }

    /** Asks and waits, at most the default timeout of 800 ms. See {@link #check(Deadline)}. */
    @Override
    default CheckResult check() throws Exception {
        return check(Deadline.after(CheckOptions.DEFAULT_TIMEOUT));
    }

    /**
     * Asks and waits until the deadline, for callers that want the answer on their own thread. The registry does not
     * use this method.
     *
     * @throws TimeoutException if the stage is not complete at the deadline; it is cancelled
     * @throws InterruptedException if the calling thread is interrupted; the stage is cancelled
     */
    @Override
    default CheckResult check(Deadline deadline) throws Exception {
        CompletableFuture<CheckResult> future = checkAsync(deadline).toCompletableFuture();
        Duration remaining = deadline.remaining();
        try {
            return future.get(remaining.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException | CancellationException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
