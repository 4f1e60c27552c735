package dev.healthcheck.servlet;

import dev.healthcheck.HealthCheckRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests, or suspends them until the registry has answered. Thread-safe. */
final class Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServlet.class);

    private final HealthCheckRegistry registry;
    private final Formats formats;
    private final Predicate<HttpServletRequest> showDetailsTo;
    private final long giveUpAfterMillis;
    private final AtomicBoolean saidBlocking = new AtomicBoolean();
    private final AtomicBoolean saidPredicateThrows = new AtomicBoolean();

    Endpoint(HealthServlet.Builder builder) {
        registry = builder.registry;
        formats = new Formats(builder.service, builder.formats);
        showDetailsTo = builder.showDetailsTo;
        giveUpAfterMillis = builder.giveUpAfter.toMillis();
    }

    void service(HttpServletRequest request, HttpServletResponse response) {
        HttpAnswer answer = answer(request, response);
        if (answer != null) {
            send(answer, request, response);
        }
    }

    /** Returns null if the request is suspended. */
    private @Nullable HttpAnswer answer(HttpServletRequest request, HttpServletResponse response) {
        SuspendedRequest<?> suspended = SuspendedRequest.calledBack(request);
        if (suspended != null) {
            return suspended.answer();
        }
        HealthFormat format = formats.acceptedBy(request);
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            return new HttpAnswer(
                    HttpServletResponse.SC_METHOD_NOT_ALLOWED, format, format.problem("only GET and HEAD"));
        }
        return answer(Paths.target(request), format, request);
    }

    private <T> @Nullable HttpAnswer answer(ProbeTarget<T> target, HealthFormat format, HttpServletRequest request) {
        boolean details = mayShowDetails(request);
        if (!mayWaitWithoutThread(request)) {
            // not the future: a worker completes it, and no thread may be free for one
            return target.answer(target.await(registry), format, details);
        }
        CompletableFuture<T> future = target.ask(registry);
        if (future.isDone()) {
            return target.answer(future.join(), format, details);
        }
        new SuspendedRequest<>(target, future, format, details).begin(request, giveUpAfterMillis);
        return null;
    }

    private void send(HttpAnswer answer, HttpServletRequest request, HttpServletResponse response) {
        try {
            answer.send(request, response);
        } catch (IOException e) { // the client has hung up: not worth a stack trace
            LOG.debug("the client did not take its answer", e);
        }
    }

    private boolean mayShowDetails(HttpServletRequest request) {
        try {
            return showDetailsTo.test(request);
        } catch (Throwable t) { // any failure means no details, and the request still gets its answer
            if (saidPredicateThrows.compareAndSet(false, true)) {
                LOG.warn("showDetailsTo threw: this answer shows no details. Further ones are logged at DEBUG.", t);
            } else {
                LOG.debug("showDetailsTo threw", t);
            }
            return false;
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
