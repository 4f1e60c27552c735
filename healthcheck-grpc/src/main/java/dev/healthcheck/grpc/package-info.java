/**
 * Health checks by gRPC's own protocol, {@code grpc.health.v1}, with gRPC 1.68 or newer.
 *
 * <pre>{@code
 * io.grpc.Server server = Grpc.newServerBuilderForPort(9090, InsecureServerCredentials.create())
 *         .addService(GrpcHealthService.of(health))
 *         .build()
 *         .start();
 * }</pre>
 *
 * <p>Null arguments throw {@link NullPointerException}.
 */
@NullMarked
package dev.healthcheck.grpc;

import org.jspecify.annotations.NullMarked;
