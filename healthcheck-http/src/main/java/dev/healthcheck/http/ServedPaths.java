package dev.healthcheck.http;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The paths of a port of its own: those below a prefix, and the usual ones of probes at the root.
 *
 * @param prefix as {@code /health}; empty for the root
 */
record ServedPaths(GuardedEndpoint endpoint, String prefix, DetailsCondition details) implements RequestHandler {
    private static final Set<String> AT_ROOT = Set.of("/livez", "/readyz", "/startupz", "/healthz");

    @Override
    public CompletableFuture<HealthResponse> answer(RequestHead request, InetAddress client) {
        if (!isServed(request)) {
            return CompletableFuture.completedFuture(notFound(request));
        }
        return endpoint.answer(facts(request).showDetails(() -> details.admits(request, client)));
    }

    @Override
    public HealthResponse lastResort(RequestHead request) {
        return isServed(request) ? endpoint.lastResort(facts(request)) : notFound(request);
    }

    @Override
    public Duration patience() {
        return endpoint.patience();
    }

    /** A method other than GET and HEAD is refused whatever the path is, and the endpoint does that. */
    private boolean isServed(RequestHead request) {
        return isBelow(request.path())
                || AT_ROOT.contains(withoutSlash(request.path()))
                || !Set.of("GET", "HEAD").contains(request.method());
    }

    private boolean isBelow(String path) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    private HealthRequest facts(RequestHead request) {
        if (isBelow(request.path())) {
            String below = request.path().substring(prefix.length());
            return HealthRequest.of(request.method(), prefix, below, request::header);
        }
        return HealthRequest.of(request.method(), withoutSlash(request.path()), "", request::header)
                .linkedTo((request.path().endsWith("/") ? ".." : ".") + prefix + "/");
    }

    private HealthResponse notFound(RequestHead request) {
        return ProblemResponse.of(
                404,
                "no such path; the checks are at " + prefix,
                request.method().equals("HEAD"));
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
