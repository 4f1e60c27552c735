package dev.healthcheck.restarts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Starts processes whose output goes to files, and kills those that are left when this process ends. Thread-safe. */
final class Children {
    private final Path folder;
    private final Queue<Process> started = new ConcurrentLinkedQueue<>();

    Children(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> started.forEach(Children::kill)));
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Appends the output to {@code log}. */
    Process start(String log, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(file(log).toFile()))
                .start();
        process.getOutputStream().close();
        started.add(process);
        return process;
    }

    /** Kills the processes, too, that {@code process} has started. */
    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
