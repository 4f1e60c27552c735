package com.example.grpc;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.grpc.GrpcHealthService;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;

/** Starts a server, and asks it as a kubelet does. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        try (HealthCheckRegistry health = HealthCheckRegistry.create()) {
            health.register("orders-db", CheckResult::up);
            Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(GrpcHealthService.of(health))
                    .build()
                    .start();
            ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                            "127.0.0.1", server.getPort(), InsecureChannelCredentials.create())
                    .build();

            ServingStatus serving = check(channel);
            health.drain();
            ServingStatus draining = check(channel);

            channel.shutdownNow();
            server.shutdownNow().awaitTermination();
            if (serving != ServingStatus.SERVING || draining != ServingStatus.NOT_SERVING) {
                throw new AssertionError(serving + ", then " + draining);
            }
            System.out.println("readiness: " + serving + ", then " + draining);
        }
    }

    private static ServingStatus check(ManagedChannel channel) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.newBuilder().setService("readiness").build())
                .getStatus();
    }
}
