package dev.healthcheck.bridges;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.testkit.Ports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Debian's RabbitMQ, with its files in a directory of the test, and with an epmd of its own, which tells Erlang's tools where
 * the server is. An epmd that the server starts would outlive it.
 */
final class RabbitServer implements AutoCloseable {
    private static final Path PROGRAMS = Path.of("/usr/lib/rabbitmq/bin");

    private final Path directory;
    private final Map<String, String> environment;
    private final ServerProcess epmd;
    private final ServerProcess server;
    final int port = Ports.free();

    RabbitServer(Path directory) throws IOException {
        assertThat(PROGRAMS.resolve("rabbitmq-server"))
                .as("support/ci/rabbitmq installs it")
                .isExecutable();
        this.directory = directory;
        int epmdPort = Ports.free();
        environment = Map.ofEntries(
                Map.entry("HOME", directory.toString()),
                Map.entry("ERL_EPMD_PORT", Integer.toString(epmdPort)),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODENAME", "bridges" + port + "@localhost"),
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODE_PORT", Integer.toString(port)),
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(Ports.free())),
                Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
                Map.entry("RABBITMQ_CONFIG_FILE", directory.resolve("none").toString()),
                Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", noPlugins().toString()),
                Map.entry("RABBITMQ_LOG_BASE", directory.resolve("log").toString()),
                Map.entry("RABBITMQ_MNESIA_BASE", directory.resolve("data").toString()),
                Map.entry("RABBITMQ_PID_FILE", directory.resolve("pid").toString()));
        epmd = ServerProcess.started(command("epmd"), epmdPort, directory.resolve("epmd.log"));
        try {
            Path program = PROGRAMS.resolve("rabbitmq-server");
            server = ServerProcess.started(command(program.toString()), port, directory.resolve("server.log"));
        } catch (Throwable t) {
            epmd.close();
            throw t;
        }
    }

    private Path noPlugins() throws IOException {
        return Files.writeString(directory.resolve("plugins"), "[].\n");
    }

    private ProcessBuilder command(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder;
    }

    /** Runs {@code rabbitmqctl}. */
    void control(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = PROGRAMS.resolve("rabbitmqctl").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = command(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    void kill() throws IOException {
        server.kill();
    }

    @Override
    public void close() throws IOException {
        try {
            server.close();
        } finally {
            epmd.close();
        }
    }
}
