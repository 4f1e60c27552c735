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
 * because starting may block (a name look-up, a connect). The wait for the stage holds no thread.
 *
 * <pre>{@code
 * health.registerAsync("search", () -> client.pingAsync()
 *         .thenApply(pong -> pong.isGreen() ? CheckResult.up() : CheckResult.degraded("yellow")));
 * }</pre>
 *
 * <p>{@link HealthCheckRegistry#registerAsync(String, AsyncHealthCheck) registerAsync} has a name of its own because
 * the compiler could not tell whether a lambda is a {@link HealthCheck} or an {@code AsyncHealthCheck}. An object of a
 * class that implements this interface may be given to either method.
 *
 * <p>At the deadline the registry {@linkplain CompletableFuture#cancel(boolean) cancels} the returned stage; the next
 * run starts no earlier than one timeout later. Return the stage at which the work itself hangs: the cancellation of a
 * stage derived from it does not reach its source. The registry counts a stage that does not complete after its
 * cancellation like a lost thread: with three of them the check does not run again until one completes.
 */
@FunctionalInterface
@SuppressWarnings("FunctionalInterfaceMethodChanged") // either method asks the same question
public interface AsyncHealthCheck extends HealthCheck {

    /**
     * Starts to ask the question.
     *
     * @return a stage that completes with the result; if it completes exceptionally or with null, the check is
     *     {@link Status#DOWN}, reason {@code threw}
     * @throws Exception if the question could not be asked: {@link Status#DOWN}, reason {@code threw}
     */
    CompletionStage<CheckResult> checkAsync() throws Exception;

    /**
     * Starts to ask the question, and knows the deadline of the answer. Default: the same as {@link #checkAsync()}.
     *
     * @param deadline the point in time at which this run is overdue
     * @return as {@link #checkAsync()}
     * @throws Exception as {@link #checkAsync()}
     */
    default CompletionStage<CheckResult> checkAsync(Deadline deadline) throws Exception {
        return checkAsync();
    }

    /** Asks and waits for at most 800 ms, the default timeout. See {@link #check(Deadline)}. */
    @Override
    default CheckResult check() throws Exception {
        return check(Deadline.after(CheckOptions.DEFAULT_TIMEOUT));
    }

    /**
     * Asks and waits until the deadline, for a caller that wants the answer on its own thread. The registry does not
     * call this method.
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
