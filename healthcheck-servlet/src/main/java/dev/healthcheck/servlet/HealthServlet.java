package dev.healthcheck.servlet;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.HealthCheckRegistry;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers health probes over HTTP. Thread-safe.
 *
 * <p>Mounted at {@code /health/*}, or any other prefix, it answers {@code GET} and {@code HEAD} of
 *
 * <table>
 * <caption>Paths</caption>
 * <tr><th>path</th><th>answer</th></tr>
 * <tr><td>{@code /health}</td><td>all checks</td></tr>
 * <tr><td>{@code /health/live}, {@code /health/ready}, {@code /health/startup}</td><td>the checks of that
 *     {@linkplain dev.healthcheck.Probe probe}; so are {@code liveness}, {@code readiness} and {@code started}</td></tr>
 * <tr><td>{@code /health/}<i>check</i></td><td>one check with its history; 404 if there is no such check</td></tr>
 * </table>
 *
 * <p>It can also be mounted at exactly {@code /livez}, {@code /readyz}, {@code /startupz} and {@code /healthz}, which
 * is the same as {@code /health}. What is {@link dev.healthcheck.Status#DOWN} is answered with 503, all else with 200.
 * No answer is to be cached.
 *
 * <p>The answer is JSON, unless the request's {@code Accept} prefers {@code text/html} (a status page, which is what
 * browsers ask for), {@code text/plain} (a line a check) or {@code application/health+json} (the form of an expired
 * Internet-Draft). A request that accepts nothing of these gets JSON all the same. {@link Builder#format} changes or
 * adds forms. Everybody sees statuses, names, reason codes and times; messages, details, errors and stacks are for those
 * to whom the builder's {@link Builder#showDetailsTo} says they are, which is nobody by default. A text is cut at 1,000
 * characters, all details of a check together at 20,000, a stack at 100 lines.
 *
 * <p>An answer that is at hand is written at once. For one that has to be waited for, the servlet goes asynchronous and
 * holds no thread, provided that the container lets it: {@code asyncSupported} must be set at its registration (most
 * containers default to false) and at that of each filter before it. Where it is not, requests wait on threads of the
 * container, no longer than the registry's answer budget; a warning in the log says so once. Should a registry leave an
 * asynchronous request without an answer for ten seconds, it is told that the answer is {@code pending}.
 *
 * <p>The registry is the caller's: the servlet never closes it. In a {@code web.xml} the servlet finds the registry in
 * an attribute of the servlet context, see {@link #REGISTRY}.
 */
public final class HealthServlet extends HttpServlet {
    /**
     * The attribute of the servlet context in which a servlet that the container makes finds its
     * {@link HealthCheckRegistry}. To be set before the servlet is initialised, by a {@code ServletContextListener} for
     * instance.
     */
    public static final String REGISTRY = "dev.healthcheck.registry";

    /** The init parameter for the name of the service, if the container makes the servlet. None if not given. */
    public static final String SERVICE_NAME = "serviceName";

    /** The init parameter for the version of the service, if the container makes the servlet. None if not given. */
    public static final String SERVICE_VERSION = "serviceVersion";

    /**
     * The init parameter for the form of what is answered as JSON, if the container makes the servlet:
     * {@code spring-boot} or {@code microprofile}, see {@link HealthFormat}. Ours if not given.
     */
    public static final String FORMAT = "format";

    private static final long serialVersionUID = 1;

    /** Null until the servlet is initialised, if the container made it. */
    private transient volatile @Nullable Endpoint endpoint;

    /** For containers, which give it its registry by way of the servlet context. Others use {@link #of}. */
    public HealthServlet() {}

    private HealthServlet(Builder builder) {
        endpoint = new Endpoint(builder);
    }

    /**
     * A servlet that shows no details to anybody.
     *
     * @param registry what to ask; stays the caller's to close
     * @return the servlet, to be mounted
     */
    public static HealthServlet of(HealthCheckRegistry registry) {
        return builder(registry).build();
    }

    /**
     * For a servlet that tells more.
     *
     * @param registry what to ask; stays the caller's to close
     * @return a new builder
     */
    public static Builder builder(HealthCheckRegistry registry) {
        return new Builder(requireNonNull(registry, "registry"));
    }

    /**
     * Unless the servlet was given a registry, takes the one in the servlet context.
     *
     * @throws ServletException if the attribute {@link #REGISTRY} is not set, or to something else; if there is no
     *     such {@link #FORMAT}
     */
    @Override
    public void init() throws ServletException {
        if (endpoint == null) {
            Builder builder = builder(registryOfContext());
            putIfGiven(builder, "name", SERVICE_NAME);
            putIfGiven(builder, "version", SERVICE_VERSION);
            addFormatOfParameter(builder);
            endpoint = new Endpoint(builder);
        }
    }

    /** Answers the request, or sees to it that it will be called back for its answer. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        Endpoint initialised = endpoint;
        if (initialised == null) {
            throw new IllegalStateException("servlet: not initialised (expected: init(config) before)");
        }
        initialised.service(request, response);
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

    /** With the class loader, for the same class of another one is a common mistake that looks like none. */
    private static String describe(Class<?> type) {
        return type + " of " + type.getClassLoader();
    }

    private void putIfGiven(Builder builder, String key, String parameter) {
        String value = getInitParameter(parameter);
        if (value != null) {
            builder.service.put(key, value);
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
        final HealthCheckRegistry registry;
        final Map<String, String> service = new LinkedHashMap<>();
        final List<HealthFormat> formats = new ArrayList<>();
        Predicate<HttpServletRequest> showDetailsTo = request -> false;
        Duration giveUpAfter = Duration.ofSeconds(10);

        private Builder(HealthCheckRegistry registry) {
            this.registry = registry;
        }

        /**
         * Who answers, shown to everybody: which of several services, and which of its versions. Nothing is shown if
         * not said.
         *
         * @param name of the service
         * @param version of the service
         * @return this
         */
        public Builder service(String name, String version) {
            service.put("name", requireNonNull(name, "name"));
            service.put("version", requireNonNull(version, "version"));
            return this;
        }

        /**
         * What else to say about the service, shown to everybody: a commit, a build time.
         *
         * @param key not {@code name} or {@code version}, see {@link #service}; one that was given before is replaced
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
         * Who may see what is private: messages, details, errors and stacks. Nobody if not said; who may not see them
         * gets the same answer without. If it throws, they are not shown.
         *
         * @param condition asked once for each request for a health answer, on a thread of the container, so it should
         *     not block
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
            MediaType.of(requireNonNull(form, "form").contentType());
            formats.add(form);
            return this;
        }

        /** How long an asynchronous request waits for a registry that does not keep its budget. */
        Builder giveUpAfter(Duration limit) {
            giveUpAfter = limit;
            return this;
        }

        /**
         * Makes the servlet.
         *
         * @return a new servlet, to be mounted
         */
        public HealthServlet build() {
            return new HealthServlet(this);
        }
    }
}
