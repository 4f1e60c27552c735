package dev.healthcheck.servlet;

import dev.healthcheck.Probe;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;

/** Which path asks what. */
final class Paths {
    private static final Question<?> OVERALL = new ReportQuestion(null);
    private static final Question<?> LIVE = new ReportQuestion(Probe.LIVENESS);
    private static final Question<?> READY = new ReportQuestion(Probe.READINESS);
    private static final Question<?> STARTUP = new ReportQuestion(Probe.STARTUP);

    private Paths() {}

    static Question<?> question(HttpServletRequest request) {
        String path = request.getPathInfo();
        if (path != null) {
            return below(path);
        }
        // as the default servlet it is mounted at the root, but the path is told as if it were that of the servlet
        return request.getHttpServletMapping().getMappingMatch() == MappingMatch.DEFAULT
                ? below(request.getServletPath())
                : at(request.getServletPath());
    }

    /** By the path that follows the one at which the servlet is mounted. */
    private static Question<?> below(String path) {
        return switch (path) {
            case "", "/" -> OVERALL;
            case "/live" -> LIVE;
            case "/ready" -> READY;
            case "/startup" -> STARTUP;
            default -> new CheckQuestion(path.substring(1)); // no name has a slash, so nothing is any deeper
        };
    }

    /** By the path at which the servlet is mounted, of which the last part counts. */
    private static Question<?> at(String path) {
        return switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "livez" -> LIVE;
            case "readyz" -> READY;
            case "startupz" -> STARTUP;
            default -> OVERALL;
        };
    }
}
