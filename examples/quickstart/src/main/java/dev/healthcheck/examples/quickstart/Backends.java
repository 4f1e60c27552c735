package dev.healthcheck.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

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

    private void delete() {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println(directory + ": not deleted: " + e);
        }
    }
}
