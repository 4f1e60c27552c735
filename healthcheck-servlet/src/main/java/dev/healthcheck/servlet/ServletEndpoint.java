package dev.healthcheck.servlet;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An endpoint in a servlet container: answers requests, or suspends them until the answer is ready. Thread-safe. */
final class ServletEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServlet.class);

    private final HealthEndpoint endpoint;
    private final Predicate<HttpServletRequest> showDetailsTo;
    private final Duration giveUpAfter;
    private final AtomicBoolean saidBlocking = new AtomicBoolean();

    ServletEndpoint(HealthEndpoint endpoint, Predicate<HttpServletRequest> showDetailsTo, Duration giveUpAfter) {
        this.endpoint = endpoint;
        this.showDetailsTo = showDetailsTo;
        this.giveUpAfter = giveUpAfter;
    }

    void service(HttpServletRequest request, HttpServletResponse response) {
        HealthResponse answer = answer(request);
        if (answer != null) {
            send(answer, response);
        }
    }

    /** Returns null if the request is suspended. */
    private @Nullable HealthResponse answer(HttpServletRequest request) {
        SuspendedRequest suspended = SuspendedRequest.calledBack(request);
        if (suspended != null) {
            return suspended.answer();
        }
        HealthRequest facts = RequestFacts.of(request).showDetails(() -> showDetailsTo.test(request));
        if (!mayWaitWithoutThread(request)) {
            return endpoint.await(facts);
        }
        CompletableFuture<HealthResponse> future = endpoint.answer(facts);
        if (future.isDone()) {
            return future.join();
        }
        new SuspendedRequest(endpoint, facts, future).begin(request, giveUpAfter.toMillis());
        return null;
    }

    private static void send(HealthResponse answer, HttpServletResponse response) {
        response.setStatus(answer.status());
        answer.headers().forEach((name, value) -> {
            if (name.equals("Vary")) {
                response.addHeader(name, value); // adds to what a filter may have set
            } else {
                response.setHeader(name, value);
            }
        });
        response.setContentLength(answer.contentLength());
        try {
            response.getOutputStream().write(answer.body());
        } catch (IOException e) { // the client has hung up: not worth a stack trace
            LOG.debug("the client did not take its answer", e);
        }
    }

    private boolean mayWaitWithoutThread(HttpServletRequest request) {
        if (!request.isAsyncSupported() && saidBlocking.compareAndSet(false, true)) {
            LOG.warn("Requests wait for checks on container threads, because async is not supported here. Set"
                    + " asyncSupported at the registration of the health servlet and of the filters before it.");
        }
        return request.isAsyncSupported() && !request.isAsyncStarted();
    }
}
