package dev.healthcheck.servlet;

import dev.healthcheck.HealthCheckRegistry;
import java.util.concurrent.CompletableFuture;

/** The target of a request. {@code T} is the registry's answer. Immutable. */
interface ProbeTarget<T> {

    CompletableFuture<T> ask(HealthCheckRegistry registry);

    /** Asks and waits on this thread, within the registry's answer budget. */
    T await(HealthCheckRegistry registry);

    HttpAnswer answer(T known, HealthFormat format, boolean details);

    /** Returns the answer for a registry that has not answered in time. */
    HttpAnswer pending(HealthFormat format);
}
