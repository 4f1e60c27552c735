package dev.healthcheck.servlet;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that holds no thread, neither while its answer is made nor while a slow client reads it.
 *
 * <p>The registry's thread only hands the write over to the container. It must not complete the request: Tomcat then
 * runs the next requests of the connection on the completing thread. The container does not dispatch the request again,
 * because security filters that know nothing of asynchronous requests would refuse it.
 *
 * <p>Invariant: the request is answered once, by whichever comes first: its answer, the container's time-out, or the end
 * of the servlet.
 */
final class SuspendedRequest implements AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(SuspendedRequest.class);

    private final HealthEndpoint endpoint;
    private final HealthRequest facts;
    private final CompletableFuture<HealthResponse> future;
    private final AsyncContext context;
    private final Set<SuspendedRequest> all;
    /** Set by what answers, or by an error that leaves nobody to answer. */
    private final AtomicBoolean over = new AtomicBoolean();
    /** Open as soon as the container has the answer. */
    private final CountDownLatch answered = new CountDownLatch(1);

    private SuspendedRequest(
            HealthEndpoint endpoint,
            HealthRequest facts,
            CompletableFuture<HealthResponse> future,
            AsyncContext context,
            Set<SuspendedRequest> all) {
        this.endpoint = endpoint;
        this.facts = facts;
        this.future = future;
        this.context = context;
        this.all = all;
    }

    /**
     * Suspends {@code request} until {@code future} is complete.
     *
     * @param patience how long the container waits for the answer and for the client to read it
     * @param all holds the request until it is answered
     */
    static void suspend(
            HttpServletRequest request,
            HealthEndpoint endpoint,
            HealthRequest facts,
            CompletableFuture<HealthResponse> future,
            Duration patience,
            Set<SuspendedRequest> all) {
        AsyncContext context = request.startAsync();
        SuspendedRequest suspended = new SuspendedRequest(endpoint, facts, future, context, all);
        context.setTimeout(patience.toMillis());
        context.addListener(suspended);
        all.add(suspended);
        if (suspended.over.get()) { // the client was gone before
            all.remove(suspended);
        }
        var unused = future.whenComplete((answer, thrown) -> suspended.handOver());
    }

    private void handOver() {
        if (over.get()) {
            return;
        }
        try {
            context.start(this::answer);
        } catch (IllegalStateException e) {
            // The request has ended, or Tomcat is timing it out and calls onTimeout(), which answers unless this is
            // over.
            LOG.debug("the container takes no answer any more", e);
            all.remove(this);
        } catch (RuntimeException e) { // no thread of the container is free, or it is stopping
            LOG.debug("the container takes no answer now", e);
        }
    }

    /** Answers on a thread of the container: {@code pending} if there is no answer yet. */
    void answer() {
        if (!end()) {
            return;
        }
        try {
            HealthResponse answer = future.isCompletedExceptionally() ? null : future.getNow(null);
            future.cancel(false);
            new AsyncResponse(context).send(answer == null ? endpoint.pending(facts) : answer);
        } catch (RuntimeException e) { // the container has recycled the request
            LOG.debug("a request has ended before its answer", e);
        } finally {
            answered.countDown();
        }
    }

    /** Returns false if something else has ended the request. */
    private boolean end() {
        boolean isFirst = over.compareAndSet(false, true);
        all.remove(this); // after that, as suspend() adds before it looks
        return isFirst;
    }

    /**
     * The registry has exceeded its budget, or no thread of the container was free. If a slow client is still reading,
     * the container ends the request.
     */
    @Override
    public void onTimeout(AsyncEvent event) {
        answer();
        awaitAnswer();
    }

    /** Another thread may be at it. When this method returns, the container answers with an error if nobody has. */
    private void awaitAnswer() {
        try {
            if (!answered.await(5, TimeUnit.SECONDS)) { // takes microseconds unless the machine stalls
                LOG.debug("a request has timed out while its answer was written");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** If the client is still there, the container answers with an error. */
    @Override
    public void onError(AsyncEvent event) {
        LOG.debug("a request has ended early", event.getThrowable());
        var unused = end();
        future.cancel(false);
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
