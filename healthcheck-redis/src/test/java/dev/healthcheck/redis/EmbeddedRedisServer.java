package dev.healthcheck.redis;

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
        command.addAll(List.of(Binary.FILE.getPath(), "--bind", host(), "--dir", directory.toString()));
        command.addAll(arguments);
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
    void freeze() {
        signal("STOP");
    }

    @Override
    void thaw() {
        signal("CONT");
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(lastResort);
    }

    private void end() {
        kill();
        for (File file : List.of(directory.resolve("nodes.conf").toFile(), directory.toFile())) {
            file.delete();
        }
    }

    private void signal(String name) {
        try {
            var kill = new ProcessBuilder("kill", "-" + name, process.pid() + "").start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("no such process: " + process);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
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
