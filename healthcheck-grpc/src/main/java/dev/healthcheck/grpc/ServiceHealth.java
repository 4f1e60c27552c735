package dev.healthcheck.grpc;

import dev.healthcheck.HealthCheckRegistry;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.concurrent.CompletableFuture;

/** The health of one service that a client asks for by its name. Compared by identity. Thread-safe. */
interface ServiceHealth {
    /** That of a name that stands for nothing. */
    ServiceHealth OF_UNKNOWN_SERVICE = new ServiceHealth() {
        @Override
        public CompletableFuture<ServingStatus> ask() {
            return CompletableFuture.completedFuture(ServingStatus.SERVICE_UNKNOWN);
        }

        @Override
        public ServingStatus latest() {
            return ServingStatus.SERVICE_UNKNOWN;
        }

        @Override
        public ServingStatus pending() {
            return ServingStatus.SERVICE_UNKNOWN;
        }
    };

    /** Asks the registry, within its answer budget. A thread of the registry may complete the future. */
    CompletableFuture<ServingStatus> ask();

    /** Returns what is known by now, as {@link HealthCheckRegistry#latest()} does. */
    ServingStatus latest();

    /** Returns the answer without any evidence, for instance if there is no memory for a report. */
    ServingStatus pending();
}
