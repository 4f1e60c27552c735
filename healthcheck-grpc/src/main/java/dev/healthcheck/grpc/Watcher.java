package dev.healthcheck.grpc;

import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.stub.ServerCallStreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one {@code Watch}. Only the thread of {@link Watchers} sends. Nothing waits to be sent: a client that does
 * not read is told nothing, and then the newest status.
 */
final class Watcher {
    private final ServiceHealth service;
    private final ServerCallStreamObserver<HealthCheckResponse> stream;
    private final DeferredLog log;
    /** The status that was sent last. */
    private @Nullable ServingStatus told;

    Watcher(ServiceHealth service, ServerCallStreamObserver<HealthCheckResponse> stream, DeferredLog log) {
        this.service = service;
        this.stream = stream;
        this.log = log;
    }

    ServiceHealth service() {
        return service;
    }

    /** Sends the status if it is a change and the client reads. Returns false if the stream has ended. */
    boolean tell(ServingStatus now) {
        try {
            if (now != told && stream.isReady()) {
                stream.onNext(response(now));
                told = now;
            }
            return !stream.isCancelled();
        } catch (Throwable t) { // an interceptor of the application may throw, too
            log.write(to -> to.debug("a Watch is broken", t));
            end();
            return false;
        }
    }

    /** Ends the stream, because its client would trust a status that is never renewed. */
    private void end() {
        try {
            stream.onError(Status.UNAVAILABLE.withDescription("broken").asRuntimeException());
        } catch (Throwable t) {
            log.write(to -> to.debug("a Watch had ended before", t));
        }
    }

    static HealthCheckResponse response(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }
}
