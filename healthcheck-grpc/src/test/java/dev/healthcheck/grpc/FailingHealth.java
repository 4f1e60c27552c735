package dev.healthcheck.grpc;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.concurrent.CompletableFuture;

/** A service about which the registry throws, as it does without memory. */
record FailingHealth(ServiceHealth of) implements ServiceHealth {
    @Override
    public CompletableFuture<ServingStatus> ask() {
        throw new OutOfMemoryError("of a test");
    }

    @Override
    public ServingStatus latest() {
        throw new OutOfMemoryError("of a test");
    }

    @Override
    public ServingStatus pending() {
        return of.pending();
    }
}
