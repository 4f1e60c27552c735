package dev.healthcheck.servlet;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthFormat;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers health probes over HTTP. Thread-safe.
 *
 * <p>Mount it at {@code /health/*} or at any other prefix. It answers {@code GET} and {@code HEAD} of
 *
 * <table>
 * <caption>Paths</caption>
 * <tr><th>path</th><th>answer</th></tr>
 * <tr><td>{@code /health}</td><td>all checks</td></tr>
 * <tr><td>{@code /health/live}, {@code /health/ready}, {@code /health/startup}</td><td>the checks of that
 *     {@linkplain dev.healthcheck.Probe probe}; {@code liveness}, {@code readiness} and {@code started} are the same
 *     </td></tr>
 * <tr><td>{@code /health/}<i>check</i></td><td>one check with its history; 404 if there is no such check</td></tr>
 * </table>
 *
 * <p>You can also mount it at exactly {@code /livez}, {@code /readyz}, {@code /startupz} and {@code /healthz}. The last
 * is the same as {@code /health}. The status code is 503 for {@link dev.healthcheck.Status#DOWN}, otherwise 200. No
 * answer may be cached.
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
 * callers that {@link Builder#showDetailsTo} admits see them. Default: nobody. A text is cut at 1,000 characters, all
 * details of a check together at 20,000, a stack at 100 lines.
 *
 * <p>The servlet writes an answer at once if every verdict is fresh and the answer fits into the response's buffer.
 * Otherwise it goes asynchronous and holds no thread, neither while it waits nor while a slow client reads. Filters run
 * once: there is no second dispatch, and such an answer bypasses the wrappers that filters put around the response. This
 * needs {@code asyncSupported} at its registration (most containers default to false) and at that of each filter before
 * it. Without it, the request waits on its container thread, no longer than the registry's answer budget; a warning in
 * the log says so once.
 *
 * <p>The servlet never closes the registry. In a {@code web.xml} the servlet finds the registry in an attribute of the
 * servlet context, see {@link #REGISTRY}.
 */
public final class HealthServlet extends HttpServlet {
    /**
     * The attribute of the servlet context that holds the {@link HealthCheckRegistry} for a servlet that the container
     * makes. Set it before the container initialises the servlet, for instance in a {@code ServletContextListener}.
     */
    public static final String REGISTRY = "dev.healthcheck.registry";

    /** The init parameter for the name of the service, if the container makes the servlet. Default: none. */
    public static final String SERVICE_NAME = "serviceName";

    /** The init parameter for the version of the service, beside {@link #SERVICE_NAME}. Default: none. */
    public static final String SERVICE_VERSION = "serviceVersion";

    /**
     * The init parameter for the shape of the JSON, if the container makes the servlet: {@code spring-boot} or
     * {@code microprofile}, see {@link HealthFormat}. Default: this library's JSON.
     */
    public static final String FORMAT = "format";

    private static final long serialVersionUID = 1;

    /** Longer than the containers' own limits for clients that do not read: these end a connection better. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    /** Null until the container has initialised a servlet that it made. */
    private transient volatile @Nullable ServletEndpoint endpoint;

    /** Creates a servlet that takes its registry from the servlet context. For containers; elsewhere use {@link #of}. */
    public HealthServlet() {}

    private HealthServlet(ServletEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Returns a servlet that shows details to nobody.
     *
     * @param registry the registry that the servlet asks; the caller closes it
     * @return the servlet
     */
    public static HealthServlet of(HealthCheckRegistry registry) {
        return builder(registry).build();
    }

    /**
     * Returns a servlet that shows details to nobody.
     *
     * @param endpoint the endpoint that answers; its builder has more settings than this one's
     * @return the servlet
     */
    public static HealthServlet of(HealthEndpoint endpoint) {
        return of(endpoint, request -> false);
    }

    /**
     * Returns a servlet.
     *
     * @param endpoint the endpoint that answers; its builder has more settings than this one's
     * @param showDetailsTo who may see what is sensitive, see {@link Builder#showDetailsTo}
     * @return the servlet
     */
    public static HealthServlet of(HealthEndpoint endpoint, Predicate<HttpServletRequest> showDetailsTo) {
        requireNonNull(endpoint, "endpoint");
        return new HealthServlet(new ServletEndpoint(
                endpoint, requireNonNull(showDetailsTo, "showDetailsTo"), patience(endpoint.answerWithin())));
    }

    /**
     * Returns a builder of a servlet.
     *
     * @param registry the registry that the servlet asks; the caller closes it
     * @return a new builder
     */
    public static Builder builder(HealthCheckRegistry registry) {
        return new Builder(registry);
    }

    /**
     * Takes the registry from the servlet context, unless the servlet was made with one.
     *
     * @throws ServletException if the attribute {@link #REGISTRY} is missing or of another type; if {@link #FORMAT} is
     *     not one of its values; if there is a {@link #SERVICE_VERSION} without a {@link #SERVICE_NAME}
     */
    @Override
    public void init() throws ServletException {
        if (endpoint == null) {
            Builder builder = builder(registryOfContext());
            addServiceOfParameters(builder);
            addFormatOfParameter(builder);
            endpoint = builder.newEndpoint();
        }
    }

    /** Answers the request, or suspends it until the registry has answered. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        ServletEndpoint initialised = endpoint;
        if (initialised == null) {
            throw new IllegalStateException("servlet: not initialised (expected: init(config) before)");
        }
        initialised.service(request, response);
    }

    /** The registry answers within its budget as long as it has a thread. The container's timer needs none. */
    private static Duration patience(Duration budget) {
        return budget.plus(MARGIN);
    }

    /** Answers the requests that wait: they would get an error of the container. */
    @Override
    public void destroy() {
        ServletEndpoint initialised = endpoint;
        if (initialised != null) {
            initialised.close();
        }
    }

    private HealthCheckRegistry registryOfContext() throws ServletException {
        Object attribute = getServletContext().getAttribute(REGISTRY);
        if (attribute instanceof HealthCheckRegistry registry) {
            return registry;
        }
        throw new ServletException("servlet context attribute " + REGISTRY + ": "
                + (attribute == null ? "not set" : "of " + describe(attribute.getClass()))
                + " (expected: " + describe(HealthCheckRegistry.class)
                + ", set before this servlet is initialised)");
    }

    /** Names the class loader, too: the same class of another loader is a common mistake, and hard to see. */
    private static String describe(Class<?> type) {
        return type + " of " + type.getClassLoader();
    }

    private void addServiceOfParameters(Builder builder) throws ServletException {
        String name = getInitParameter(SERVICE_NAME);
        String version = getInitParameter(SERVICE_VERSION);
        if (name != null && version != null) {
            builder.service(name, version);
        } else if (name != null) {
            builder.endpoint.service(name);
        } else if (version != null) {
            throw new ServletException(
                    "init parameter " + SERVICE_VERSION + ": " + version + " (expected: " + SERVICE_NAME + ", too)");
        }
    }

    private void addFormatOfParameter(Builder builder) throws ServletException {
        String name = getInitParameter(FORMAT);
        if (name != null) {
            builder.format(
                    switch (name) {
                        case "spring-boot" -> HealthFormat.springBoot();
                        case "microprofile" -> HealthFormat.microProfile();
                        default ->
                            throw new ServletException("init parameter " + FORMAT + ": " + name
                                    + " (expected: spring-boot or microprofile)");
                    });
        }
    }

    /** Makes a servlet. Not thread-safe. */
    public static final class Builder {
        private final HealthEndpoint.Builder endpoint;
        private Predicate<HttpServletRequest> showDetailsTo = request -> false;
        private @Nullable Duration giveUpAfter;

        private Builder(HealthCheckRegistry registry) {
            endpoint = HealthEndpoint.builder(registry);
        }

        /**
         * Names the service in each report. Every caller sees it. Default: none.
         *
         * @param name the name of the service
         * @param version its version
         * @return this
         */
        public Builder service(String name, String version) {
            endpoint.service(name, version);
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
            endpoint.info(key, value);
            return this;
        }

        /**
         * Sets who may see what is sensitive: messages, details, errors and stacks. Other callers get the same answer
         * without them. Default: nobody.
         *
         * @param condition called once for each {@code GET} and {@code HEAD}, on a container thread, so it should not
         *     block; if it throws, the answer shows no details
         * @return this
         */
        public Builder showDetailsTo(Predicate<HttpServletRequest> condition) {
            showDetailsTo = requireNonNull(condition, "condition");
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
            endpoint.format(form);
            return this;
        }

        /** Sets how long an asynchronous request waits for a registry that exceeds its budget. */
        Builder giveUpAfter(Duration limit) {
            giveUpAfter = limit;
            return this;
        }

        /**
         * Returns a new servlet.
         *
         * @return the servlet
         */
        public HealthServlet build() {
            return new HealthServlet(newEndpoint());
        }

        private ServletEndpoint newEndpoint() {
            HealthEndpoint built = endpoint.build();
            return new ServletEndpoint(
                    built, showDetailsTo, giveUpAfter == null ? patience(built.answerWithin()) : giveUpAfter);
        }
    }
}
