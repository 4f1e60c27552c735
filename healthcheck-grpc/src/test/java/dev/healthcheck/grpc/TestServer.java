package dev.healthcheck.grpc;

import static org.awaitility.Awaitility.await;

import dev.healthcheck.HealthCheckRegistry;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server on the loopback interface, and a client of it. Closed, it has no call and no connection. */
final class TestServer implements AutoCloseable {
    private final Server server;
    private final TestClient client;

    private TestServer(Server server) {
        this.server = server;
        client = TestClient.of(server.getPort());
    }

    static TestServer of(HealthCheckRegistry health) throws IOException {
        return of(GrpcHealthService.of(health));
    }

    static TestServer of(BindableService service, ServerInterceptor... interceptors) throws IOException {
        return start(serverBuilder(), service, interceptors);
    }

    /** The event loop itself runs the calls, so a call that waits silences the server. */
    static TestServer withDirectExecutor(HealthCheckRegistry health) throws IOException {
        return start(serverBuilder().directExecutor(), GrpcHealthService.of(health));
    }

    private static NettyServerBuilder serverBuilder() {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static TestServer start(
            NettyServerBuilder builder, BindableService service, ServerInterceptor... interceptors) throws IOException {
        for (ServerInterceptor interceptor : interceptors) {
            builder.intercept(interceptor);
        }
        return new TestServer(builder.addService(service).build().start());
    }

    TestClient client() {
        return client;
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        client.close();
        server.shutdownNow();
        await().until(server::isTerminated);
    }
}
