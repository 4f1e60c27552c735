package dev.healthcheck.http;

import java.util.List;
import java.util.stream.Stream;

/** Texts of requests, of parts that mean something to the endpoint and of others. */
public final class RandomRequests {
    /** The media types on offer, the preferred one first. */
    public static final List<String> TYPES =
            List.of("application/json", "application/health+json", "text/plain", "text/html");

    private static final List<String> ACCEPT_PARTS = Stream.concat(
                    TYPES.stream(),
                    Stream.of(
                            "*/*",
                            "text/*",
                            "application/*",
                            "*",
                            "/",
                            ",",
                            ",",
                            ";",
                            ";q=",
                            ";q=0.5",
                            ";q=0",
                            ";q=1.000",
                            ";Q=0.333",
                            "q",
                            "=",
                            "0.",
                            "1.1",
                            "-1",
                            "NaN",
                            " ",
                            "\t",
                            "\"",
                            "image/png",
                            ";x=y"))
            .toList();
    private static final List<String> PATH_PARTS = List.of(
            "/",
            "/",
            "live",
            "ready",
            "startup",
            "liveness",
            "readiness",
            "started",
            "livez",
            "health",
            "orders-db",
            ".",
            "..",
            ";",
            "%2f",
            "%2e",
            "%00",
            "%",
            "?",
            "#",
            "\\",
            "x",
            "R",
            " ");

    private RandomRequests() {}

    /** Returns an {@code Accept} of up to {@code most} parts, some of which are a character below {@code limit}. */
    public static String accept(Randoms randoms, int most, int limit) {
        return randoms.joined(ACCEPT_PARTS, most, limit);
    }

    /** Returns a path, or a part of one, of up to {@code most} parts, some of which are a character below {@code limit}. */
    public static String path(Randoms randoms, int most, int limit) {
        return randoms.joined(PATH_PARTS, most, limit);
    }
}
