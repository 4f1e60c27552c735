package dev.healthcheck.examples.quickstart;

import io.lettuce.core.RedisURI;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/** Redis from the binary on the class path. */
final class RedisProcess extends ServerProcess {
    private static final int TRIES = 500;

    private final Path directory;
    private final Path configuration;
    private final String password = newPassword();
    private File binary = new File("redis-server");

    RedisProcess(Path directory) {
        super(directory.resolve("redis.pid"));
        this.directory = directory;
        this.configuration = directory.resolve("redis.conf");
    }

    RedisURI uri() {
        return RedisURI.builder()
                .withHost(HOST)
                .withPort(port())
                .withPassword(password.toCharArray())
                .build();
    }

    @Override
    void install() throws IOException {
        binary = ExecutableProvider.newJarResourceProvider(directory.toFile()).get();
        Files.writeString(configuration, """
                port %d
                bind %s
                requirepass %s
                save ""
                daemonize yes
                dir %4$s
                pidfile %4$s/redis.pid
                logfile %4$s/redis.log
                """.formatted(port(), HOST, password, directory));
    }

    @Override
    void launch() throws IOException {
        run(List.of(binary.getPath(), configuration.toString()));
        for (int tries = 1; !accepts(); tries++) {
            if (tries == TRIES) {
                throw new IOException("Redis does not answer: " + Files.readString(directory.resolve("redis.log")));
            }
            pause();
        }
    }

    @Override
    String signalToStop() {
        return "TERM";
    }

    private boolean accepts() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
