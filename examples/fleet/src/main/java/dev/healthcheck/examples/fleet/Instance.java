package dev.healthcheck.examples.fleet;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An {@link Application} in a process of its own, which can be restarted. Thread-safe. */
final class Instance implements AutoCloseable {
    private static final Duration TO_START = Duration.ofSeconds(60);
    private static final Duration TO_ANSWER = Duration.ofSeconds(5);
    private static final int FAILURES_UNTIL_RESTART = 3;

    private final HttpClient client;
    private final Path log;
    private final List<String> command;
    private final String name;
    private final int port = Ports.free();
    private Child process;
    private int notAlive;
    private Duration lastRestart = Duration.ZERO;
    private int restarts;

    Instance(HttpClient client, Path directory, String name, String jdbcUrl, Policy policy) throws IOException {
        this.client = client;
        this.name = name;
        log = directory.resolve(name + ".log");
        command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Application.class.getName(),
                Integer.toString(port),
                jdbcUrl,
                policy.toString());
        process = new Child(log, command);
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    synchronized int restarts() {
        return restarts;
    }

    /** Returns the time from SIGTERM until the next process answered, the last time. */
    synchronized Duration lastRestart() {
        return lastRestart;
    }

    /** Returns when {@code path} is answered with 200. */
    void await(String path) throws InterruptedException {
        long begin = System.nanoTime();
        while (!answers(path)) {
            if (!process.isAlive() || System.nanoTime() - begin > TO_START.toNanos()) {
                throw new IllegalStateException(path + " of " + name + " is not 200 (see " + log + ")");
            }
            Thread.sleep(10);
        }
    }

    /** Stops the process by SIGTERM, and returns when the next one answers. */
    synchronized void restart() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        restarts++;
        process.stop();
        process = new Child(log, command);
        await("/health/live");
        lastRestart = Duration.ofNanos(System.nanoTime() - begin);
        notAlive = 0;
    }

    /** Restarts the process when it has not been alive three times, as a kubelet does. */
    synchronized void restartIfNotAlive() throws IOException, InterruptedException {
        notAlive = answers("/health/live") ? 0 : notAlive + 1;
        if (notAlive == FAILURES_UNTIL_RESTART) {
            restart();
        }
    }

    /** Kills the process. */
    @Override
    public synchronized void close() {
        process.close();
    }

    private boolean answers(String path) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(TO_ANSWER)
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
