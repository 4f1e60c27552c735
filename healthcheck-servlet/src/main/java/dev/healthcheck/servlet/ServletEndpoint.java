package dev.healthcheck.servlet;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An endpoint in a servlet container: answers requests, or suspends them until the answer is ready. Thread-safe. */
final class ServletEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServlet.class);

    /** In these, the response belongs to another servlet or to the container, which goes on after the return. */
    private static final Set<DispatcherType> WITHIN_ANOTHER = EnumSet.of(DispatcherType.INCLUDE, DispatcherType.ERROR);

    private final HealthEndpoint endpoint;
    private final Predicate<HttpServletRequest> showDetailsTo;
    private final Duration patience;
    private final Set<SuspendedRequest> suspended = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean saidBlocking = new AtomicBoolean();

    /**
     * Makes an endpoint.
     *
     * @param patience how long the container waits for the answer to a suspended request and for the client to read it
     */
    ServletEndpoint(HealthEndpoint endpoint, Predicate<HttpServletRequest> showDetailsTo, Duration patience) {
        this.endpoint = endpoint;
        this.showDetailsTo = showDetailsTo;
        this.patience = patience;
    }

    void service(HttpServletRequest request, HttpServletResponse response) {
        HealthRequest facts = RequestFacts.of(request).showDetails(() -> showDetailsTo.test(request));
        if (!maySuspend(request)) {
            trySend(endpoint.await(facts), response);
            return;
        }
        CompletableFuture<HealthResponse> future = endpoint.answer(facts);
        if (future.isDone() && AnswerWriter.fits(future.join(), response)) {
            trySend(future.join(), response);
        } else {
            SuspendedRequest.suspend(request, endpoint, facts, future, patience, suspended);
        }
    }

    /** Answers the requests that wait. */
    void close() {
        suspended.forEach(SuspendedRequest::answer);
    }

    private static void trySend(HealthResponse answer, HttpServletResponse response) {
        try {
            AnswerWriter.write(answer, response);
        } catch (IOException e) { // the client has hung up: not worth a stack trace
            LOG.debug("the client did not take its answer", e);
        }
    }

    private boolean maySuspend(HttpServletRequest request) {
        if (!request.isAsyncSupported() && saidBlocking.compareAndSet(false, true)) {
            LOG.warn("Requests wait for checks on container threads, because async is not supported here. Set"
                    + " asyncSupported at the registration of the health servlet and of the filters before it.");
        }
        return request.isAsyncSupported()
                && !request.isAsyncStarted()
                && !WITHIN_ANOTHER.contains(request.getDispatcherType());
    }
}
