package dev.healthcheck.grpc;

import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The calls of {@code grpc.health.v1.Health}. None of them blocks. */
final class HealthCalls extends HealthGrpc.HealthImplBase {
    private final Map<String, ServiceHealth> services;
    private final Watchers watchers;
    private final DeferredLog log;

    HealthCalls(Map<String, ServiceHealth> services, Watchers watchers, DeferredLog log) {
        this.services = services;
        this.watchers = watchers;
        this.log = log;
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
        ServiceHealth service = service(request);
        var unused = ask(service).handle((status, thrown) -> {
            answer(observer, status == null ? withoutEvidence(service, thrown) : status);
            return null;
        });
    }

    @Override
    public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
        ServerCallStreamObserver<HealthCheckResponse> stream = (ServerCallStreamObserver<HealthCheckResponse>) observer;
        Watcher watcher = new Watcher(service(request), stream, log);
        stream.setOnReadyThreshold(1); // or a client that does not read has thousands of old messages before it
        stream.setOnReadyHandler(watchers::wake);
        stream.setOnCancelHandler(() -> watchers.remove(watcher));
        try {
            watchers.add(watcher);
        } catch (Throwable t) { // no thread can be started
            log.write(to -> to.warn("a Watch is refused", t));
            stream.onError(Status.UNAVAILABLE.withDescription("no thread").asRuntimeException());
        }
    }

    private ServiceHealth service(HealthCheckRequest request) {
        return services.getOrDefault(request.getService(), ServiceHealth.OF_UNKNOWN_SERVICE);
    }

    private static CompletableFuture<ServingStatus> ask(ServiceHealth service) {
        try {
            return service.ask();
        } catch (Throwable t) {
            return CompletableFuture.failedFuture(t);
        }
    }

    private ServingStatus withoutEvidence(ServiceHealth service, @Nullable Throwable thrown) {
        log.write(to -> to.warn("a Check is answered without a report", thrown));
        return service.pending();
    }

    private void answer(StreamObserver<HealthCheckResponse> observer, ServingStatus status) {
        try {
            if (status == ServingStatus.SERVICE_UNKNOWN) {
                observer.onError(
                        Status.NOT_FOUND.withDescription("unknown service").asRuntimeException());
            } else {
                observer.onNext(Watcher.response(status));
                observer.onCompleted();
            }
        } catch (Throwable t) { // the client may be gone
            log.write(to -> to.debug("a Check could not be answered", t));
        }
    }
}
