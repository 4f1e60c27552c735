package dev.healthcheck.servlet;

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
 * A request that waits for its answer and holds no thread. It carries all that was read from the request, for the one
 * that comes back may lack what filters have put around it.
 *
 * <p>When the answer is there, the thread that brings it only calls the request back to a thread of the container: to
 * write may take as long as the client likes.
 */
final class SuspendedRequest<T> implements AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServlet.class);
    private static final String ATTRIBUTE = SuspendedRequest.class.getName();

    private final ProbeTarget<T> target;
    private final CompletableFuture<T> future;
    private final HealthFormat format;
    private final boolean details;
    /** Set by whoever ends the waiting: the answer, the timeout or an error. */
    private final AtomicBoolean over = new AtomicBoolean();

    SuspendedRequest(ProbeTarget<T> target, CompletableFuture<T> future, HealthFormat format, boolean details) {
        this.target = target;
        this.future = future;
        this.format = format;
        this.details = details;
    }

    /** The one for which {@code request} has been called back; null if it is a request of its own. */
    static @Nullable SuspendedRequest<?> calledBack(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof SuspendedRequest<?> waiting ? waiting : null;
    }

    void begin(HttpServletRequest request, long timeoutMillis) {
        request.setAttribute(ATTRIBUTE, this);
        // without arguments: it comes back through the filters as the request that the container knows
        AsyncContext context = request.startAsync();
        context.setTimeout(timeoutMillis);
        context.addListener(this);
        var unused = future.whenComplete((known, thrown) -> {
            if (over.compareAndSet(false, true)) {
                callBack(context);
            }
        });
    }

    /** What the registry says, or that it has said nothing yet. */
    HttpAnswer answer() {
        T known = future.isCompletedExceptionally() ? null : future.getNow(null);
        return known == null ? target.pending(format) : target.answer(known, format, details);
    }

    /** The registry has not kept its budget, or has a very long one: it is called back for what is known. */
    @Override
    public void onTimeout(AsyncEvent event) {
        over.set(true);
        callBack(event.getAsyncContext());
    }

    @Override
    public void onError(AsyncEvent event) {
        over.set(true);
        LOG.debug("a request has ended before its answer was there", event.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}

    private static void callBack(AsyncContext context) {
        try {
            context.dispatch();
        } catch (RuntimeException e) { // the request has ended meanwhile, or the container is about to
            LOG.debug("a request cannot be called back", e);
        }
    }
}
