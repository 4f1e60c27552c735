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
 * not reach it before the service has drained. It listens on the same port through all that is done to it.
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

    /** Unpacks and configures it. */
    abstract void install() throws IOException;

    /** Returns once it answers. */
    abstract void launch() throws IOException;

    /** The signal that makes it end connections and go. */
    abstract String signalToStop();

    /** Returns once it answers. Without effect if it runs. */
    final void start() throws IOException {
        if (process().isEmpty()) {
            Files.deleteIfExists(pidFile);
            launch();
        }
    }

    /** Connections are ended and new ones refused. Without effect if it does not run. */
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

    /** All its processes stop where they are: connections stay open, nobody answers. */
    final void freeze() throws IOException {
        Optional<ProcessHandle> process = process();
        if (process.isPresent()) {
            signal("STOP", List.of(process.get())); // first, so that no new child escapes
            signal("STOP", family(process.get()));
        }
    }

    /** Without effect if it is not frozen. */
    final void thaw() throws IOException {
        Optional<ProcessHandle> process = process();
        if (process.isPresent()) {
            signal("CONT", family(process.get()));
        }
    }

    /** At once, frozen or not. */
    final void kill() {
        process().map(ServerProcess::family).ifPresent(family -> {
            family.forEach(ProcessHandle::destroyForcibly);
            family.forEach(ServerProcess::isGoneSoon);
        });
    }

    /** The parent comes first. */
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

    /** In a container whose first process buries nobody, the dead stay in the list, but without a command. */
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

    /** Waits for its end, and throws with what it said if it failed. */
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
