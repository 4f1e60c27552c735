package dev.healthcheck.http;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The target of a request. {@code T} is the registry's answer. Immutable. */
interface ProbeTarget<T> {
    int OK = 200;
    int NOT_FOUND = 404;
    int NOT_ALLOWED = 405;
    int UNAVAILABLE = 503;

    static int code(Status status) {
        return status == Status.DOWN ? UNAVAILABLE : OK;
    }

    CompletableFuture<T> ask(HealthCheckRegistry registry);

    /** Asks and waits on this thread, within the registry's answer budget. */
    T await(HealthCheckRegistry registry);

    int code(T known);

    byte[] body(T known, HealthFormat format, boolean details);

    /** Returns the status of the answer if the registry has not answered in time. */
    default Status pending() {
        return Status.DOWN;
    }

    /** Returns the report that an answer shows; null if it shows none. */
    default @Nullable HealthReport report(T known) {
        return null;
    }

    /** Returns the probe; null for all checks and for what is no report. */
    default @Nullable Probe probe() {
        return null;
    }

    /** Returns headers in addition to those of the form. */
    default Map<String, String> headers() {
        return Map.of();
    }

    /** Returns whether it depends on the caller what an answer shows. */
    default boolean hasDetails() {
        return true;
    }
}
