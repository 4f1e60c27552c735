package dev.healthcheck.alerts;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A program that serves HTTP on a port of this machine. Its output goes to a file. */
final class Program implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Path log;
    private final int port;
    private final Process process;

    private Program(Path log, int port, Process process) {
        this.log = log;
        this.port = port;
        this.process = process;
    }

    /** Starts it and waits until {@code path} answers 200. */
    static Program start(Path log, int port, String path, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var program = new Program(log, port, process);
        try {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> program.answers(path));
            return program;
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }

    /** Returns a port that was free a moment ago. */
    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    String get(String path) throws IOException, InterruptedException {
        return send(path, "GET").body();
    }

    void post(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(path, "POST");
        if (answer.statusCode() != 200) {
            throw new IOException("POST " + path + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private boolean answers(String path) throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("it has ended: " + Files.readString(log));
        }
        try {
            return send(path, "GET").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpResponse<String> send(String path, String method) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://" + address() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Asks it to end, and waits. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(30, SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
