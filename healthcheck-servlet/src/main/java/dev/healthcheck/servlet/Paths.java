package dev.healthcheck.servlet;

import dev.healthcheck.Probe;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import org.jspecify.annotations.Nullable;

/** Maps paths to what they ask for, and makes links between them. */
final class Paths {
    private static final ProbeTarget<?> OVERALL = new ReportTarget(null);
    private static final ProbeTarget<?> LIVE = new ReportTarget(Probe.LIVENESS);
    private static final ProbeTarget<?> READY = new ReportTarget(Probe.READINESS);
    private static final ProbeTarget<?> STARTUP = new ReportTarget(Probe.STARTUP);

    private Paths() {}

    static ProbeTarget<?> target(HttpServletRequest request) {
        String path = request.getPathInfo();
        if (path != null) {
            return below(path);
        }
        // for a default servlet, mounted at the root, the container gives the whole path as that of the servlet
        return request.getHttpServletMapping().getMappingMatch() == MappingMatch.DEFAULT
                ? below(request.getServletPath())
                : at(request.getServletPath());
    }

    /**
     * Returns the relative link from {@code request} to the report on all checks, with a slash at its end. Returns null
     * if the servlet is mounted at exact paths only.
     */
    static @Nullable String home(HttpServletRequest request) {
        String path = request.getPathInfo();
        if (path != null) {
            return up(path);
        }
        HttpServletMapping mapping = request.getHttpServletMapping();
        return mapping.getMappingMatch() == MappingMatch.PATH
                ? "./" + last(request.getServletPath()) + "/"
                : elsewhere(request, mapping.getServletName());
    }

    /** Returns a link to a prefix at which the same servlet is mounted, too; null if there is none. */
    private static @Nullable String elsewhere(HttpServletRequest request, String servletName) {
        ServletRegistration registration = request.getServletContext().getServletRegistration(servletName);
        if (registration == null) {
            return null;
        }
        return registration.getMappings().stream()
                .filter(pattern -> pattern.endsWith("/*") || pattern.equals("/"))
                .map(pattern ->
                        up(request.getServletPath()) + pattern.replace("*", "").substring(1))
                .findFirst()
                .orElse(null);
    }

    /** Returns the relative link from {@code path} to its beginning. */
    private static String up(String path) {
        long slashes = path.chars().filter(c -> c == '/').count();
        return slashes <= 1 ? "./" : "../".repeat((int) slashes - 1);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns the name of a probe in paths and answers. */
    static String word(Probe probe) {
        return switch (probe) {
            case LIVENESS -> "live";
            case READINESS -> "ready";
            case STARTUP -> "startup";
        };
    }

    /** {@code path} follows the one at which the servlet is mounted. */
    private static ProbeTarget<?> below(String path) {
        return switch (path) {
            case "", "/" -> OVERALL;
            case "/live", "/liveness" -> LIVE;
            case "/ready", "/readiness" -> READY;
            case "/startup", "/started" -> STARTUP;
            default -> new CheckTarget(path.substring(1)); // no name has a slash, so a deeper path finds no check
        };
    }

    /** {@code path} is the one at which the servlet is mounted. Its last part counts. */
    private static ProbeTarget<?> at(String path) {
        return switch (last(path)) {
            case "livez" -> LIVE;
            case "readyz" -> READY;
            case "startupz" -> STARTUP;
            default -> OVERALL;
        };
    }
}
