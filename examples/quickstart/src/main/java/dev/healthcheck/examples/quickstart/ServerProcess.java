package dev.healthcheck.examples.quickstart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server in a process of its own, in the background and in a session of its own: an interrupt from the terminal must
 * not reach it before the service has drained. It keeps its port through every stop and start.
 */
abstract class ServerProcess {
    static final String HOST = "127.0.0.1";

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private final int port;
    private final Path pidFile;

    ServerProcess(Path pidFile) {
        this.port = freePort();
        this.pidFile = pidFile;
    }

    final int port() {
        return port;
    }

    /** Unpacks and configures the server. */
    abstract void install() throws IOException;

    /** Returns once it answers. */
    abstract void launch() throws IOException;

    /** Returns the signal at which the server ends its connections and exits. */
    abstract String signalToStop();

    /** Returns once it answers. Without effect if it runs. */
    final void start() throws IOException {
        if (process().isEmpty()) {
            Files.deleteIfExists(pidFile);
            launch();
        }
    }

    /** Ends its connections; new ones are refused. Does nothing if it does not run. */
    final void stop() throws IOException {
        Optional<ProcessHandle> process = process();
        if (process.isPresent()) {
            thaw();
            signal(signalToStop(), List.of(process.get()));
            if (!isGoneSoon(process.get())) {
                kill();
            }
        }
    }

    /** Stops all its processes where they are: connections stay open, and nobody answers. */
    final void freeze() throws IOException {
        Optional<ProcessHandle> process = process();
        if (process.isPresent()) {
            signal("STOP", List.of(process.get())); // first, so that no new child escapes
            signal("STOP", family(process.get()));
        }
    }

    /** Lets its processes continue. Does nothing if they are not frozen. */
    final void thaw() throws IOException {
        Optional<ProcessHandle> process = process();
        if (process.isPresent()) {
            signal("CONT", family(process.get()));
        }
    }

    /** Kills its processes at once, frozen or not. */
    final void kill() {
        process().map(ServerProcess::family).ifPresent(family -> {
            family.forEach(ProcessHandle::destroyForcibly);
            family.forEach(ServerProcess::isGoneSoon);
        });
    }

    /** Returns its processes, the parent first. */
    private static List<ProcessHandle> family(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants()).toList();
    }

    final Optional<ProcessHandle> process() {
        try {
            return Files.readString(pidFile)
                    .lines()
                    .findFirst()
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())))
                    .filter(process -> !isGone(process));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean isGoneSoon(ProcessHandle process) {
        long begin = System.nanoTime();
        while (!isGone(process)) {
            if (System.nanoTime() - begin > PATIENCE) {
                return false;
            }
            pause();
        }
        return true;
    }

    /** Dead processes stay in the list if a container's first process does not reap them, but have no command. */
    private static boolean isGone(ProcessHandle process) {
        return !process.isAlive() || process.info().command().isEmpty();
    }

    static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until {@code process} ends, and throws with its output if it failed. */
    static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }

    private static void signal(String name, List<ProcessHandle> processes) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -" + name + " \"$@\" || true", "kill"));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        run(command);
    }

    static String newPassword() {
        return Long.toHexString(new SecureRandom().nextLong());
    }

    /** Below those that outgoing connections use, one of which could take it while the server is stopped. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // taken: another one
            }
        }
    }
}
