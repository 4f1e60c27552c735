package dev.healthcheck.bridges;

import static java.time.Duration.ofSeconds;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A server of its own process, which a test can kill. It listens on the loopback interface only. */
final class ServerProcess implements AutoCloseable {
    private final Process process;

    ServerProcess(Process process) {
        this.process = process;
    }

    /** Starts it, and returns once it accepts connections. What it says goes to {@code log}. */
    static ServerProcess started(ProcessBuilder command, int port, Path log) throws IOException {
        Process process =
                command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        var server = new ServerProcess(process);
        try {
            await().atMost(Patience.patiently(ofSeconds(30))).until(() -> accepts(port) || !process.isAlive());
            if (!process.isAlive()) {
                throw new IOException("the server has ended: " + Files.readString(log));
            }
            return server;
        } catch (Throwable t) {
            server.close();
            throw t;
        }
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    void kill() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly); // a script may have started the server
        process.destroyForcibly();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IOException("the server does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        kill();
    }
}
