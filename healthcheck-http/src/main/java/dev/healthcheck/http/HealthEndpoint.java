package dev.healthcheck.http;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers health probes over HTTP, for the adapter of any server. Thread-safe. It never closes the registry.
 *
 * <p>{@link HealthRequest#of} says which path asks for what. The status code is 503 for
 * {@link dev.healthcheck.Status#DOWN}, otherwise 200. No answer may be cached.
 *
 * <p>The answer is JSON, unless the request's {@code Accept} prefers {@code text/html} (a status page), {@code
 * text/plain} (a line for each check) or {@code application/health+json} (the form of an expired Internet-Draft). A
 * request that accepts none of these gets JSON, too. {@link Builder#format} changes or adds forms. Many programs send the
 * {@code Accept} of a browser. So a client that accepts JSON gets the page only if it also says that a person opens a
 * page ({@code Upgrade-Insecure-Requests: 1} or {@code Sec-Fetch-Mode: navigate}), as browsers do.
 *
 * <p>Each answer ends with a newline. An answer in JSON that tells a status begins with it: <code>{"status":"</code>.
 *
 * <p>Every caller sees statuses, names, reason codes and times. Messages, details, errors and stacks are sensitive: only
 * callers that {@link HealthRequest#showDetails} admits see them. Default: nobody. A text is cut at 1,000 characters,
 * all details of a check together at 20,000, a stack at 100 lines.
 *
 * <p>If a function of the user throws (a format, {@code headers}, {@code showDetails}, {@code onAnswer}), the request
 * still gets its answer, with the true status code. A warning in the log says so once.
 */
public final class HealthEndpoint {
    private final HealthCheckRegistry registry;
    private final Formats formats;
    private final @Nullable Function<HealthReport, Map<String, String>> headers;
    private final @Nullable Consumer<HealthAnswer> onAnswer;

    private final ForeignCode showingDetails = new ForeignCode("showDetails", "this answer shows no details");
    private final ForeignCode writing = new ForeignCode("A health format", "this answer is JSON instead");
    private final ForeignCode addingHeaders = new ForeignCode("headers", "this answer has no further headers");
    private final ForeignHeaders added = new ForeignHeaders("headers");
    private final ForeignCode telling = new ForeignCode("onAnswer", "it misses this answer");

    private HealthEndpoint(
            HealthCheckRegistry registry,
            Formats formats,
            @Nullable Function<HealthReport, Map<String, String>> headers,
            @Nullable Consumer<HealthAnswer> onAnswer) {
        this.registry = registry;
        this.formats = formats;
        this.headers = headers;
        this.onAnswer = onAnswer;
    }

    /**
     * Returns an endpoint with the default settings.
     *
     * @param registry the registry that the endpoint asks; the caller closes it
     * @return the endpoint
     */
    public static HealthEndpoint of(HealthCheckRegistry registry) {
        return builder(registry).build();
    }

    /**
     * Returns a builder of an endpoint.
     *
     * @param registry the registry that the endpoint asks; the caller closes it
     * @return a new builder
     */
    public static Builder builder(HealthCheckRegistry registry) {
        return new Builder(requireNonNull(registry, "registry"));
    }

    /**
     * Answers a request without waiting.
     *
     * @param request the request
     * @return a future that is complete on return if every verdict is fresh. Otherwise a thread of the registry
     *     completes it within {@link #answerWithin()}, one after the other for all callers that wait for the same run, so
     *     dependent actions must not block or write to a client. It completes normally, unless there is no memory for the
     *     answer. The future belongs to the caller: its cancellation affects nothing else.
     */
    public CompletableFuture<HealthResponse> answer(HealthRequest request) {
        return answer(Paths.target(request), request);
    }

    private <T> CompletableFuture<HealthResponse> answer(ProbeTarget<T> target, HealthRequest request) {
        // everything is read from the request here: later, on another thread, it may be that of another client
        Form form = formats.acceptedBy(request);
        Asker asker = asker(request);
        boolean details = mayShowDetails(target, request);
        CompletableFuture<T> future = target.ask(registry);
        return future.isDone()
                ? CompletableFuture.completedFuture(respond(target, valueOf(future), request, form, details, asker))
                : future.handle((known, thrown) -> respond(target, known, request, form, details, asker));
    }

    private static <T> @Nullable T valueOf(CompletableFuture<T> done) {
        return done.isCompletedExceptionally() ? null : done.join();
    }

    /**
     * Answers a request, and waits on this thread within {@link #answerWithin()}. For servers whose threads may wait.
     *
     * @param request the request
     * @return the response
     */
    public HealthResponse await(HealthRequest request) {
        return await(Paths.target(request), request);
    }

    private <T> HealthResponse await(ProbeTarget<T> target, HealthRequest request) {
        Asker asker = asker(request);
        boolean details = mayShowDetails(target, request);
        // not the future: a worker completes it, and no thread may be free for one
        T known = target.await(registry);
        return respond(target, known, request, formats.acceptedBy(request), details, asker);
    }

    /**
     * Answers a request whose future is not complete though {@link #answerWithin()} has passed: there may be no thread
     * left to complete it. The answer says {@code pending}: 200 for liveness, because missing evidence must not restart
     * the process; otherwise 503. For adapters with a timer of their own, which then cancel the future.
     *
     * @param request the request
     * @return the response
     */
    public HealthResponse pending(HealthRequest request) {
        return respond(Paths.target(request), null, request, formats.acceptedBy(request), false, asker(request));
    }

    /**
     * Returns the longest time that an answer takes: the
     * {@linkplain HealthCheckRegistry.Builder#answerWithin answer budget} of the registry.
     *
     * @return the budget
     */
    public Duration answerWithin() {
        return registry.answerWithin();
    }

    /** Returns whether the answer to {@code request} calls functions of the user. */
    boolean callsForeignCode(HealthRequest request) {
        return headers != null || onAnswer != null || formats.isForeignTo(request);
    }

    /** Returns an endpoint that asks the same registry and calls no function of the user. */
    HealthEndpoint withoutForeignCode() {
        return new HealthEndpoint(registry, formats.withoutForeign(), null, null);
    }

    Executor workers() {
        return registry.workers();
    }

    private boolean mayShowDetails(ProbeTarget<?> target, HealthRequest request) {
        try {
            return target.hasDetails() && request.mayShowDetails();
        } catch (Throwable t) { // any failure means no details, and the request still gets its answer
            showingDetails.threw(t);
            return false;
        }
    }

    private <T> HealthResponse respond(
            ProbeTarget<T> target,
            @Nullable T known,
            HealthRequest request,
            Form form,
            boolean details,
            @Nullable Asker asker) {
        HealthResponse response = respond(target, known, request, form, details);
        if (onAnswer != null && asker != null) {
            tell(onAnswer, new HealthAnswer(target.probe(), response.status(), asker.kind, asker.waited()));
        }
        return response;
    }

    private <T> HealthResponse respond(
            ProbeTarget<T> target, @Nullable T known, HealthRequest request, Form form, boolean details) {
        try {
            return written(target, known, request, form, details);
        } catch (Throwable t) { // the status code matters more than the form
            writing.threw(t);
            return written(target, known, request, formats.own(), details);
        }
    }

    private <T> HealthResponse written(
            ProbeTarget<T> target, @Nullable T known, HealthRequest request, Form form, boolean details) {
        int code = known == null ? ProbeTarget.code(target.pending()) : target.code(known);
        byte[] body =
                known == null ? form.format().pending(target.pending()) : target.body(known, form.format(), details);
        Map<String, String> all = ForeignHeaders.merged(form.headers(), headersOf(target, known));
        return request.method().equals("HEAD")
                ? HealthResponse.withoutBody(code, all, body.length)
                : HealthResponse.of(code, all, body);
    }

    private <T> Map<String, String> headersOf(ProbeTarget<T> target, @Nullable T known) {
        HealthReport report = headers == null || known == null ? null : target.report(known);
        if (report == null) {
            return target.headers();
        }
        try {
            return added.allowed(requireNonNull(requireNonNull(headers).apply(report), "headers"));
        } catch (Throwable t) {
            addingHeaders.threw(t);
            return Map.of();
        }
    }

    private void tell(Consumer<HealthAnswer> listener, HealthAnswer answer) {
        try {
            listener.accept(answer);
        } catch (Throwable t) {
            telling.threw(t);
        }
    }

    /** Returns null without a listener, for which alone the clock is read. */
    private @Nullable Asker asker(HealthRequest request) {
        return onAnswer == null ? null : new Asker(Probers.kind(request), System.nanoTime());
    }

    /** Who has asked, and when. */
    private static final class Asker {
        final String kind;
        private final long begun;

        Asker(String kind, long begun) {
            this.kind = kind;
            this.begun = begun;
        }

        /** Returns nanoseconds. */
        long waited() {
            return System.nanoTime() - begun;
        }
    }

    /** Makes an endpoint. Not thread-safe. */
    public static final class Builder {
        private final HealthCheckRegistry registry;
        private final Map<String, String> service = new LinkedHashMap<>();
        private final List<HealthFormat> formats = new ArrayList<>();
        private @Nullable Function<HealthReport, Map<String, String>> headers;
        private @Nullable Consumer<HealthAnswer> onAnswer;

        private Builder(HealthCheckRegistry registry) {
            this.registry = registry;
        }

        /**
         * Names the service in each report. Every caller sees it. Default: none.
         *
         * @param name the name of the service
         * @param version its version
         * @return this
         */
        public Builder service(String name, String version) {
            service.put("name", requireNonNull(name, "name"));
            service.put("version", requireNonNull(version, "version"));
            return this;
        }

        /**
         * Names a service without a version in each report. Every caller sees it. Default: none.
         *
         * @param name the name of the service
         * @return this
         */
        public Builder service(String name) {
            service.put("name", requireNonNull(name, "name"));
            return this;
        }

        /**
         * Adds a fact about the service to each report, for instance a commit or a build time. Every caller sees it.
         *
         * @param key anything but {@code name} and {@code version}, see {@link #service}; the last value of a key counts
         * @param value its text
         * @return this
         * @throws IllegalArgumentException if {@code key} is {@code name} or {@code version}
         */
        public Builder info(String key, String value) {
            if (requireNonNull(key, "key").equals("name") || key.equals("version")) {
                throw new IllegalArgumentException("key: \"" + key + "\" (expected: service(name, version) instead)");
            }
            service.put(key, requireNonNull(value, "value"));
            return this;
        }

        /**
         * Adds a form of answers: {@linkplain HealthFormat#springBoot() Spring Boot's} JSON or
         * {@linkplain HealthFormat#microProfile() MicroProfile's} for dashboards that expect it, or one of your own. It
         * replaces the form of the same media type, be it a built-in one or one added before. A form of another media
         * type stands beside the others. Call this once for each form.
         *
         * @param form the {@code Accept} header of a request chooses between it and the others
         * @return this
         * @throws IllegalArgumentException if its content type is not a media type
         */
        public Builder format(HealthFormat form) {
            MediaType.of(requireNonNull(form, "form").contentType());
            formats.add(form);
            return this;
        }

        /**
         * Sets a function that adds headers to each answer with a report, for instance {@code x-envoy-degraded} for a
         * report that is DEGRADED. Answers with one check or without a report have no such headers. Default: none.
         *
         * <p>A header that could break the answer is left out, and a warning in the log says so once. This holds for a
         * name that HTTP does not allow, for a value that is null or not printable ASCII (a line break, for instance), for
         * {@code Connection}, {@code Content-Length}, {@code Date} and {@code Transfer-Encoding}, which the server sets,
         * and for what exceeds 3,000 characters of names and values together.
         *
         * @param headers returns values by name; called on the thread that makes the answer, which may be one of the
         *     registry, so it must not block; every caller sees the headers
         * @return this
         */
        public Builder headers(Function<HealthReport, Map<String, String>> headers) {
            this.headers = requireNonNull(headers, "headers");
            return this;
        }

        /**
         * Sets a function that is told of each answer, for metrics. Default: none, and no clock is read.
         *
         * @param listener called on the thread that makes the answer, which may be one of the registry, so it must not
         *     block
         * @return this
         */
        public Builder onAnswer(Consumer<HealthAnswer> listener) {
            onAnswer = requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Returns a new endpoint.
         *
         * @return the endpoint
         */
        public HealthEndpoint build() {
            return new HealthEndpoint(registry, new Formats(service, formats), headers, onAnswer);
        }
    }
}
