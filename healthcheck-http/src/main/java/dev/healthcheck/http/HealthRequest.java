package dev.healthcheck.http;

import static java.util.Objects.requireNonNull;

import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The facts of a request that a {@link HealthEndpoint} needs. Immutable. */
public final class HealthRequest {
    private final String method;
    private final String mount;
    private final String path;
    private final Function<String, @Nullable String> header;
    /** Null if nobody may see details. */
    private final @Nullable BooleanSupplier showDetails;
    /** Whether {@link #home} replaces the link that follows from the path. */
    private final boolean linked;

    private final @Nullable String home;

    private HealthRequest(
            String method,
            String mount,
            String path,
            Function<String, @Nullable String> header,
            @Nullable BooleanSupplier showDetails,
            boolean linked,
            @Nullable String home) {
        this.method = method;
        this.mount = mount;
        this.path = path;
        this.header = header;
        this.showDetails = showDetails;
        this.linked = linked;
        this.home = home;
    }

    /**
     * Returns a request whose answer shows no details.
     *
     * <p>The two parts of the path decide what the request asks for. A server that has no mounts passes an empty
     * {@code mount}.
     *
     * <table>
     * <caption>Paths</caption>
     * <tr><th>{@code mount}</th><th>{@code path}</th><th>answer</th></tr>
     * <tr><td>any</td><td>{@code /live}, {@code /ready}, {@code /startup}</td><td>the checks of that
     *     {@linkplain dev.healthcheck.Probe probe}; {@code liveness} and {@code livez}, {@code readiness} and
     *     {@code readyz}, {@code started} and {@code startupz} are the same</td></tr>
     * <tr><td>any</td><td>{@code /healthz}</td><td>all checks</td></tr>
     * <tr><td>any</td><td>{@code /}<i>check</i></td><td>one check with its history; 404 if there is no such check</td></tr>
     * <tr><td>ends in {@code /livez}, {@code /readyz} or {@code /startupz}</td><td>empty</td><td>the checks of that probe
     *     </td></tr>
     * <tr><td>any other</td><td>empty</td><td>all checks</td></tr>
     * </table>
     *
     * <p>One slash at the end of {@code path} is ignored.
     *
     * @param method the method, as the client sent it
     * @param mount the path at which the endpoint is mounted, decoded: {@code /health}, or an empty text at the root
     * @param path the rest of the path, decoded, without a query and path parameters: empty, or it begins with a slash
     * @param header returns the value of a header, or null; must ignore the case of names. The endpoint reads {@code
     *     Accept}, {@code Upgrade-Insecure-Requests}, {@code Sec-Fetch-Mode} and {@code User-Agent}. If a request has several
     *     lines of a header, it returns all, joined by commas, or the first. The endpoint calls it on the thread that asks.
     * @return the request
     */
    public static HealthRequest of(
            String method, String mount, String path, Function<String, @Nullable String> header) {
        return new HealthRequest(
                requireNonNull(method, "method"),
                requireNonNull(mount, "mount"),
                requireNonNull(path, "path"),
                requireNonNull(header, "header"),
                null,
                false,
                null);
    }

    /**
     * Returns the same request from a caller that may see what is sensitive, if {@code condition} says so: messages,
     * details, errors and stacks.
     *
     * @param condition called at most once, on the thread that asks, so it should not block; if it throws, the answer
     *     shows no details
     * @return the request
     */
    public HealthRequest showDetails(BooleanSupplier condition) {
        return new HealthRequest(method, mount, path, header, requireNonNull(condition, "condition"), linked, home);
    }

    /**
     * Returns the same request with another link to the report on all checks. Links on the status page start with it.
     * Default: a relative link that follows from mount and path, and works behind proxies that strip a prefix.
     *
     * @param home the link, with a slash at its end; null for a page without links
     * @return the request
     */
    public HealthRequest linkedTo(@Nullable String home) {
        return new HealthRequest(method, mount, path, header, showDetails, true, home);
    }

    String method() {
        return method;
    }

    String mount() {
        return mount;
    }

    String path() {
        return path;
    }

    @Nullable
    String header(String name) {
        return header.apply(name);
    }

    /** Returns whether a person opens a page in a browser. */
    boolean isNavigation() {
        return "1".equals(header("Upgrade-Insecure-Requests")) || "navigate".equals(header("Sec-Fetch-Mode"));
    }

    boolean mayShowDetails() {
        return showDetails != null && showDetails.getAsBoolean();
    }

    /** Returns the link to the report on all checks; null if there is none. */
    @Nullable
    String home() {
        return linked ? home : Paths.home(mount, path);
    }
}
