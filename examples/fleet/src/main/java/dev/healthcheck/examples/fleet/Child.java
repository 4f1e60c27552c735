package dev.healthcheck.examples.fleet;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that does not outlive this one. */
final class Child implements AutoCloseable {
    private static final long SECONDS_TO_STOP = 30;

    private final Process process;
    private final Thread killer;

    /** Starts a process whose output is added to {@code log}. */
    Child(Path log, List<String> command) throws IOException {
        File output = log.toFile();
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                .start();
        killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGTERM, and returns when the process has ended. */
    void stop() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, SECONDS_TO_STOP, TimeUnit.SECONDS)
                .join();
        close();
    }

    /** Kills the process. */
    @Override
    public void close() {
        process.destroyForcibly();
        Runtime.getRuntime().removeShutdownHook(killer);
    }
}
