package dev.healthcheck.examples.quickstart;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** PostgreSQL and Redis, and the temporary directory in which they keep everything. */
final class Backends implements AutoCloseable {
    private final Path directory;
    private final PostgresProcess postgres;
    private final RedisProcess redis;

    Backends() throws IOException {
        directory = Files.createTempDirectory("healthcheck-quickstart-");
        postgres = new PostgresProcess(directory);
        redis = new RedisProcess(directory);
    }

    PostgresProcess postgres() {
        return postgres;
    }

    RedisProcess redis() {
        return redis;
    }

    Path directory() {
        return directory;
    }

    void start() throws IOException {
        postgres.install();
        postgres.start();
        redis.install();
        redis.start();
    }

    void kill() {
        postgres.kill();
        redis.kill();
        delete();
    }

    @Override
    public void close() throws IOException {
        redis.stop();
        postgres.stop();
        delete();
    }

    /** Deletes the directory. Ignores files that vanish meanwhile: a killed server may have been deleting as well. */
    private void delete() {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    return deleted(file);
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return deleted(file);
                }

                @Override
                public FileVisitResult postVisitDirectory(Path file, @Nullable IOException e) {
                    return deleted(file);
                }
            });
        } catch (IOException e) {
            throw new AssertionError("the visitor throws nothing", e);
        }
    }

    private static FileVisitResult deleted(Path file) {
        file.toFile().delete();
        return FileVisitResult.CONTINUE;
    }
}
