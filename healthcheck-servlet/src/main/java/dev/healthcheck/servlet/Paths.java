package dev.healthcheck.servlet;

import dev.healthcheck.Probe;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import org.jspecify.annotations.Nullable;

/** Which path asks what. */
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
        // as the default servlet it is mounted at the root, but the path is told as if it were that of the servlet
        return request.getHttpServletMapping().getMappingMatch() == MappingMatch.DEFAULT
                ? below(request.getServletPath())
                : at(request.getServletPath());
    }

    /**
     * From the address of {@code request} to the one of all checks, relative and with a slash at its end. Null if the
     * servlet is mounted at exact paths only.
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

    /** By the prefix that the servlet is mounted at beside the path of {@code request}. */
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

    /** From {@code path} to where it begins. */
    private static String up(String path) {
        long slashes = path.chars().filter(c -> c == '/').count();
        return slashes <= 1 ? "./" : "../".repeat((int) slashes - 1);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** As answers call it. */
    static String word(Probe probe) {
        return switch (probe) {
            case LIVENESS -> "live";
            case READINESS -> "ready";
            case STARTUP -> "startup";
        };
    }

    /** By the path that follows the one at which the servlet is mounted. */
    private static ProbeTarget<?> below(String path) {
        return switch (path) {
            case "", "/" -> OVERALL;
            case "/live", "/liveness" -> LIVE;
            case "/ready", "/readiness" -> READY;
            case "/startup", "/started" -> STARTUP;
            default -> new CheckTarget(path.substring(1)); // no name has a slash, so nothing is any deeper
        };
    }

    /** By the path at which the servlet is mounted, of which the last part counts. */
    private static ProbeTarget<?> at(String path) {
        return switch (last(path)) {
            case "livez" -> LIVE;
            case "readyz" -> READY;
            case "startupz" -> STARTUP;
            default -> OVERALL;
        };
    }
}
