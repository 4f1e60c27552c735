package dev.healthcheck.servlet;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that waits for its answer and holds no thread. It keeps all that was read from the request, because the
 * request that the container calls back may lack the wrappers of filters.
 *
 * <p>The registry's thread only has the container call the request back. A container thread writes the answer, which
 * can take as long as a slow client reads.
 *
 * <p>Invariant: the request is called back once, by whichever comes first, the registry's answer or the time-out.
 */
final class SuspendedRequest implements AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServlet.class);
    private static final String ATTRIBUTE = SuspendedRequest.class.getName();

    private final HealthEndpoint endpoint;
    private final HealthRequest facts;
    private final CompletableFuture<HealthResponse> future;
    /** Set by what ends the wait: the answer, the time-out or an error. */
    private final AtomicBoolean over = new AtomicBoolean();

    SuspendedRequest(HealthEndpoint endpoint, HealthRequest facts, CompletableFuture<HealthResponse> future) {
        this.endpoint = endpoint;
        this.facts = facts;
        this.future = future;
    }

    /** Returns null unless the container has called back {@code request}. */
    static @Nullable SuspendedRequest calledBack(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof SuspendedRequest suspended ? suspended : null;
    }

    void begin(HttpServletRequest request, long timeoutMillis) {
        request.setAttribute(ATTRIBUTE, this);
        // without arguments: the container then calls back its own request, without the wrappers of filters
        AsyncContext context = request.startAsync();
        context.setTimeout(timeoutMillis);
        context.addListener(this);
        var unused = future.whenComplete((answer, thrown) -> {
            if (over.compareAndSet(false, true)) {
                callBack(context);
            }
        });
    }

    /** Returns the registry's answer, or {@code pending} if there is none. */
    HealthResponse answer() {
        HealthResponse answer = future.isCompletedExceptionally() ? null : future.getNow(null);
        return answer == null ? endpoint.pending(facts) : answer;
    }

    /** The registry has exceeded its budget, or the budget is longer than the time-out. */
    @Override
    public void onTimeout(AsyncEvent event) {
        over.set(true);
        callBack(event.getAsyncContext());
    }

    @Override
    public void onError(AsyncEvent event) {
        over.set(true);
        LOG.debug("a request ended before its answer was ready", event.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}

    private static void callBack(AsyncContext context) {
        try {
            context.dispatch();
        } catch (RuntimeException e) { // the request has ended, or the container is stopping
            LOG.debug("the container cannot call back a request", e);
        }
    }
}
