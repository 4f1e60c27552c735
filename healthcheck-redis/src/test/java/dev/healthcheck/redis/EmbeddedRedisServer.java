package dev.healthcheck.redis;

import dev.healthcheck.testkit.Processes;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/** A process of its own from the binary in embedded-redis, whose own classes can neither freeze nor kill it. */
final class EmbeddedRedisServer extends RedisServer {
    private final List<String> command = new ArrayList<>();
    private final Path directory;
    private final Thread lastResort = new Thread(this::end);
    private @Nullable Process process;

    EmbeddedRedisServer(int port, List<String> arguments) {
        super(port);
        try {
            directory = Files.createTempDirectory("redis-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        command.add(Binary.FILE.getPath());
        command.addAll(arguments); // a configuration file has to be the first
        command.addAll(List.of("--bind", host()));
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    @Override
    String host() {
        return "127.0.0.1";
    }

    @Override
    void launch() {
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    @Override
    void suspend() {
        Processes.freeze(List.of(process.pid()));
    }

    @Override
    void resume() {
        Processes.thaw(List.of(process.pid()));
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(lastResort);
    }

    private void end() {
        kill();
        for (String file : List.of("nodes.conf", "dump.rdb", "")) {
            directory.resolve(file).toFile().delete();
        }
    }

    /** Unpacked once in each JVM. */
    private static final class Binary {
        static final File FILE = unpack();

        private static File unpack() {
            try {
                return ExecutableProvider.newJarResourceProvider().get();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
