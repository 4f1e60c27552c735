package dev.healthcheck.servlet;

import dev.healthcheck.HealthCheckRegistry;
import java.util.concurrent.CompletableFuture;

/** What a request wants to know. {@code T} is what the registry knows of it. Immutable. */
interface ProbeTarget<T> {

    CompletableFuture<T> ask(HealthCheckRegistry registry);

    HttpAnswer answer(T known, HealthFormat format, boolean details);

    /** The answer if the registry has none. */
    HttpAnswer pending(HealthFormat format);
}
