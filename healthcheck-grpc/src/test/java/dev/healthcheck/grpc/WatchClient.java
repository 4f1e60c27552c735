package dev.healthcheck.grpc;

import static org.awaitility.Awaitility.await;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A client of {@code Watch}, and what it has read. */
final class WatchClient implements ClientResponseObserver<HealthCheckRequest, HealthCheckResponse> {
    final List<ServingStatus> read = new CopyOnWriteArrayList<>();
    private final int first;
    private volatile @Nullable ClientCallStreamObserver<HealthCheckRequest> stream;
    private volatile boolean ended;

    /**
     * Creates a client.
     *
     * @param first how many messages it reads before it is told to {@link #read more}
     */
    WatchClient(int first) {
        this.first = first;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<HealthCheckRequest> stream) {
        stream.disableAutoRequestWithInitial(first);
        this.stream = stream;
    }

    @Override
    public void onNext(HealthCheckResponse response) {
        read.add(response.getStatus());
    }

    @Override
    public void onError(Throwable error) {
        ended = true;
    }

    @Override
    public void onCompleted() {
        ended = true;
    }

    void read(int messages) {
        Objects.requireNonNull(stream).request(messages);
    }

    void cancel() {
        Objects.requireNonNull(stream).cancel("the test cancels", null);
    }

    boolean hasEnded() {
        return ended;
    }

    /** Returns the status that was read last, or null. */
    @Nullable
    ServingStatus last() {
        return read.isEmpty() ? null : read.get(read.size() - 1);
    }

    /** Waits until these and no others have been read. */
    void awaitRead(ServingStatus... statuses) {
        await().atMost(Duration.ofSeconds(30)).until(() -> read.equals(List.of(statuses)));
    }
}
