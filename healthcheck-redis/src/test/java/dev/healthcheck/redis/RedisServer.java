package dev.healthcheck.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Ports;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.DockerClientFactory;

/**
 * A real Redis to which faults can be done: in a container where a Docker engine answers, else the embedded binary. It
 * listens on the same port through all of them.
 */
abstract class RedisServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port;

    RedisServer(int port) {
        this.port = port;
    }

    /** Starts one that keeps nothing on disk. The arguments are those of the command line, as in "--requirepass", "x". */
    static RedisServer started(String... arguments) {
        int port = Ports.free();
        List<String> command = command(port, arguments);
        return started(
                Docker.AVAILABLE ? new ContainerRedisServer(port, command) : new EmbeddedRedisServer(port, command));
    }

    /** Starts one that others find where it is; one in a container is in a network of its own. */
    static RedisServer startedHere(String... arguments) {
        int port = Ports.free();
        return started(new EmbeddedRedisServer(port, command(port, arguments)));
    }

    /** Starts one that watches a master, called "master". It needs a file that it may change. */
    static RedisServer startedAsSentinel(Path configuration) {
        int port = Ports.free();
        var command = List.of(configuration.toString(), "--sentinel", "--port", port + "");
        return started(new EmbeddedRedisServer(port, command));
    }

    /** Starts one that is a whole cluster, but without slots. */
    static RedisServer startedAsCluster(String... arguments) {
        var all = new ArrayList<>(List.of("--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"));
        all.addAll(List.of(arguments));
        return started(all.toArray(String[]::new));
    }

    final int port() {
        return port;
    }

    final RedisURI uri() {
        return RedisURI.create(host(), port);
    }

    /** Starts it, again if it has been stopped, and waits until it answers. */
    final void start() {
        launch();
        await().atMost(PATIENCE).until(this::answers);
    }

    /** Ends it without a farewell, frozen or not, and waits until nothing answers. */
    final void stop() {
        kill();
        await().atMost(PATIENCE).until(() -> !answers());
    }

    abstract String host();

    abstract void launch();

    abstract void kill();

    /** From now on it is silent: its connections stay open, and more are accepted by the kernel. */
    abstract void freeze();

    abstract void thaw();

    /** Ends it for good. */
    @Override
    public abstract void close();

    private static List<String> command(int port, String... arguments) {
        var command = new ArrayList<>(List.of("--port", port + "", "--save", "", "--protected-mode", "no"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static RedisServer started(RedisServer server) {
        try {
            server.start();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host(), port), 1000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Looked for once in each JVM, because it takes a moment where there is none. */
    private static final class Docker {
        static final boolean AVAILABLE = isAvailable();

        private static boolean isAvailable() {
            try {
                return DockerClientFactory.instance().isDockerAvailable();
            } catch (RuntimeException | LinkageError e) {
                return false;
            }
        }
    }
}
