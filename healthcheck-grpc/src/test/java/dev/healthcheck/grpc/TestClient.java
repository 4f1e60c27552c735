package dev.healthcheck.grpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;

/** A client of a server on the loopback interface. */
final class TestClient implements AutoCloseable {
    private final ManagedChannel channel;

    private TestClient(ManagedChannel channel) {
        this.channel = channel;
    }

    static TestClient of(int port) {
        return new TestClient(NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .flowControlWindow(1) // so that few messages are on the way to a client that does not read
                .build());
    }

    /** Returns the answer to {@code Check}; throws the status if it is an error. */
    ServingStatus check(String service) {
        return HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, SECONDS)
                .check(request(service))
                .getStatus();
    }

    /** Returns the error of {@code Check}. */
    Status errorOf(String service) {
        try {
            throw new AssertionError("answer: " + check(service));
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
    }

    WatchClient watch(String service) {
        return watch(service, Integer.MAX_VALUE);
    }

    /** Returns a client that does not read before it {@linkplain WatchClient#read is told to}. */
    WatchClient watchWithoutReading(String service) {
        return watch(service, 0);
    }

    private WatchClient watch(String service, int first) {
        WatchClient client = new WatchClient(first);
        HealthGrpc.newStub(channel).watch(request(service), client);
        return client;
    }

    private static HealthCheckRequest request(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }

    /** Breaks the connection. */
    @Override
    public void close() {
        channel.shutdownNow();
        await().until(channel::isTerminated);
    }
}
