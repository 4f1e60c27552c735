package dev.healthcheck.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Answers for a thread that must not run functions of the user: a thread of the registry runs them. Thread-safe.
 *
 * <p>If such a function takes more than a second, requests are answered without them until it returns: with the true
 * status code, but in the forms of this library, without added headers, and unseen by {@code onAnswer}.
 */
final class GuardedEndpoint {
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final HealthEndpoint endpoint;
    private final HealthEndpoint safe;
    private final SerialExecutor functions;

    GuardedEndpoint(HealthEndpoint endpoint) {
        this.endpoint = endpoint;
        safe = endpoint.withoutForeignCode();
        functions = new SerialExecutor(endpoint.workers());
    }

    /** Returns a future as that of {@link HealthEndpoint#answer}. */
    CompletableFuture<HealthResponse> answer(HealthRequest request) {
        if (!endpoint.callsForeignCode(request)) {
            return endpoint.answer(request);
        }
        return functions.isStuck() ? safe.answer(request) : answerElsewhere(request);
    }

    /** Returns the answer to a request whose future is not complete after {@link #patience}, or failed. */
    HealthResponse lastResort(HealthRequest request) {
        CompletableFuture<HealthResponse> now = safe.answer(request);
        if (now.isDone() && !now.isCompletedExceptionally()) {
            return now.join();
        }
        now.cancel(false);
        return safe.pending(request);
    }

    /** The registry completes answers within its budget, as long as it has threads. */
    Duration patience() {
        return endpoint.answerWithin().plus(MARGIN);
    }

    private CompletableFuture<HealthResponse> answerElsewhere(HealthRequest request) {
        CompletableFuture<HealthResponse> promise = new CompletableFuture<>();
        functions.execute(() -> answerInto(promise, request));
        return promise;
    }

    private void answerInto(CompletableFuture<HealthResponse> promise, HealthRequest request) {
        if (promise.isDone()) { // the client is gone
            return;
        }
        try {
            CompletableFuture<HealthResponse> answer = endpoint.answer(request);
            var unusedResult = answer.handle((response, thrown) ->
                    thrown == null ? promise.complete(response) : promise.completeExceptionally(thrown));
            var unusedCancellation = promise.handle((response, thrown) -> answer.cancel(false));
        } catch (Throwable t) {
            promise.completeExceptionally(t);
        }
    }
}
