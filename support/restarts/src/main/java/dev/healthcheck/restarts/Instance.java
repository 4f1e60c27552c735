package dev.healthcheck.restarts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An {@link OrdersService} in a process of its own. It keeps its port through every restart. Not thread-safe. */
final class Instance {
    /** The exit code of a JVM that SIGTERM has ended. */
    private static final int TERMINATED = 143;

    private final Children children;
    private final String log;
    private final List<String> command;
    private Process process;

    Instance(Children children, String log, int port, Drain drain) throws IOException {
        this.children = children;
        this.log = log;
        this.command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // starts faster; two instances of four runs share the machine
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                OrdersService.class.getName(),
                Integer.toString(port),
                Integer.toString(drain.reports()),
                drain.atLeast().toString(),
                drain.atMost().toString(),
                drain.stopTimeout().toString());
        this.process = children.start(log, command);
    }

    /** Starts it again, after it has been stopped or killed. */
    void start() throws IOException {
        process = children.start(log, command);
    }

    /** Sends SIGTERM and waits for the end. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException(log + " still runs 60 s after SIGTERM");
        }
        if (process.exitValue() != TERMINATED) {
            throw new IllegalStateException(log + " ends with " + process.exitValue() + " (expected: 143)");
        }
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
