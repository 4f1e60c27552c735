package dev.healthcheck.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Ports;
import io.lettuce.core.RedisURI;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.testcontainers.DockerClientFactory;

/**
 * A real Redis to which faults can be done: in a container where a Docker engine answers, else the embedded binary. It
 * listens on the same port through all of them.
 */
abstract class RedisServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port;
    private boolean stopped;
    private boolean frozen;

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
        stopped = false;
        patiently().until(this::answers);
    }

    /** Ends it without a farewell, frozen or not, and waits until nothing answers. */
    final void stop() {
        kill();
        stopped = true;
        frozen = false;
        patiently().until(() -> !answers());
    }

    /** From now on it is silent: its connections stay open, and the kernel accepts more. */
    final void freeze() {
        suspend();
        frozen = true;
    }

    final void thaw() {
        resume();
        frozen = false;
    }

    /** Starts it or lets it go on, if a test has left it stopped or frozen. */
    final void heal() {
        if (frozen) {
            thaw();
        }
        if (stopped) {
            start();
        }
    }

    abstract String host();

    abstract void launch();

    abstract void kill();

    abstract void suspend();

    abstract void resume();

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

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
    }

    private boolean answers() {
        try {
            return tell("PING") >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends a command without the help of a client, and returns the first byte of the reply, or -1. */
    final int tell(String command) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host(), port), 1000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
            return socket.getInputStream().read();
        }
    }

    /** Looked for once in each JVM. Testcontainers takes seconds to find none, so it is asked where there may be one. */
    private static final class Docker {
        static final boolean AVAILABLE = isLikely() && isAvailable();

        private static boolean isLikely() {
            String home = System.getProperty("user.home");
            Stream<String> traces = Stream.of(
                    "/var/run/docker.sock",
                    System.getenv("XDG_RUNTIME_DIR") + "/docker.sock",
                    home + "/.docker/run/docker.sock",
                    home + "/.docker/desktop/docker.sock",
                    home + "/.testcontainers.properties");
            return File.separatorChar == '\\'
                    || System.getenv("DOCKER_HOST") != null
                    || traces.anyMatch(trace -> new File(trace).exists());
        }

        private static boolean isAvailable() {
            try {
                return DockerClientFactory.instance().isDockerAvailable();
            } catch (RuntimeException | LinkageError e) {
                return false;
            }
        }
    }
}
