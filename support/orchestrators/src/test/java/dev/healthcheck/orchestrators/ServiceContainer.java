package dev.healthcheck.orchestrators;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The service in a container that gets a fifth of a processor, and a database in a container of its own. */
final class ServiceContainer implements OrdersService {
    private final String database;
    private final String service;
    private final String address;
    private boolean paused;

    ServiceContainer() throws IOException {
        database = Docker.run("run", "-d", "local/postgres");
        String url = "JDBC_URL=jdbc:postgresql://" + Docker.address(database) + "/orders";
        service = Docker.run("run", "-d", "--cpus", "0.2", "--memory", "576m", "-e", url, Docker.IMAGE);
        address = Docker.address(service);
    }

    @Override
    public URI address(int port) {
        return URI.create("http://" + address + ":" + port);
    }

    @Override
    public List<String> command(List<String> inContainer) {
        List<String> command = new ArrayList<>(List.of("docker", "exec", service));
        command.addAll(inContainer);
        return command;
    }

    @Override
    public void freezeDatabase() throws IOException {
        Docker.pause(database);
        paused = true;
    }

    @Override
    public void healDatabase() throws IOException {
        if (paused) {
            Docker.run("unpause", database);
            paused = false;
        }
    }

    @Override
    public void terminate() throws IOException {
        Docker.run("kill", "--signal", "TERM", service);
    }

    @Override
    public int awaitExit(Duration atMost) throws IOException {
        String exitCode = CompletableFuture.supplyAsync(() -> {
                    try {
                        return Docker.run("wait", service);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .orTimeout(atMost.toNanos(), TimeUnit.NANOSECONDS)
                .join();
        assertThat(Docker.inspect(service, ".State.OOMKilled")).isEqualTo("false");
        return Integer.parseInt(exitCode);
    }

    @Override
    public void close() throws IOException {
        healDatabase();
        Docker.run("rm", "--force", "--volumes", service, database);
    }
}
