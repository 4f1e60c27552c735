package dev.healthcheck.http;

import dev.healthcheck.Probe;
import org.jspecify.annotations.Nullable;

/** Maps requests to what they ask for, and makes links between paths. */
final class Paths {
    private static final ProbeTarget<?> OVERALL = new ReportTarget(null);
    private static final ProbeTarget<?> LIVE = new ReportTarget(Probe.LIVENESS);
    private static final ProbeTarget<?> READY = new ReportTarget(Probe.READINESS);
    private static final ProbeTarget<?> STARTUP = new ReportTarget(Probe.STARTUP);
    private static final ProbeTarget<?> UNSERVED = new UnservedMethod();

    private Paths() {}

    static ProbeTarget<?> target(HealthRequest request) {
        return isServed(request.method()) ? target(request.mount(), request.path()) : UNSERVED;
    }

    private static boolean isServed(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    static ProbeTarget<?> target(String mount, String path) {
        String below = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return switch (below) {
            case "" -> at(mount);
            case "/live", "/liveness", "/livez" -> LIVE;
            case "/ready", "/readiness", "/readyz" -> READY;
            case "/startup", "/started", "/startupz" -> STARTUP;
            case "/healthz" -> OVERALL;
            default -> new CheckTarget(below.substring(1)); // no name has a slash, so a deeper path finds no check
        };
    }

    private static ProbeTarget<?> at(String mount) {
        return switch (last(mount)) {
            case "livez" -> LIVE;
            case "readyz" -> READY;
            case "startupz" -> STARTUP;
            default -> OVERALL;
        };
    }

    /**
     * Returns the relative link to the report on all checks, with a slash at its end. Returns null if the mount is that
     * of a probe, and for a path so deep that it finds no check.
     */
    static @Nullable String home(String mount, String path) {
        if (path.isEmpty()) {
            return homeAt(mount);
        }
        return switch (path.indexOf('/', 1)) {
            case -1 -> "./";
            default -> path.indexOf('/', 1) == path.length() - 1 ? "../" : null;
        };
    }

    private static @Nullable String homeAt(String mount) {
        if (at(mount) != OVERALL) {
            return null;
        }
        String last = last(mount);
        return last.isEmpty() ? "./" : "./" + last + "/";
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
}
