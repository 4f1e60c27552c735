package dev.healthcheck.orchestrators;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** A running {@link com.example.orders.Main}, and its database. */
interface OrdersService extends AutoCloseable {
    /** The ports of the service itself. */
    int PORT = 8080;

    int HEALTH_PORT = 8081;

    /** Returns the address of what listens at {@code port} for the service itself. */
    URI address(int port);

    /** Returns how to run a command of the manifests where the service runs. */
    List<String> command(List<String> inContainer);

    /** From now on the database says nothing, and its connections stay open. */
    void freezeDatabase() throws IOException, InterruptedException;

    void healDatabase() throws IOException, InterruptedException;

    /** Sends SIGTERM. */
    void terminate() throws IOException, InterruptedException;

    /** Returns the exit code, as a shell shows it. */
    int awaitExit(Duration atMost) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
