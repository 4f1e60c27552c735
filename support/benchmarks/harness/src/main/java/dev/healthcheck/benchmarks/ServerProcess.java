package dev.healthcheck.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A contender that serves in a JVM of its own. */
final class ServerProcess implements AutoCloseable {
    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    static final String BARE = "bare-server";
    static final String READY = "ready ";
    static final String FACT = "fact ";
    static final String CONSTANT = "/constant";

    private final Process process;
    private final BufferedReader output;
    private final int port;
    private final String path;

    private ServerProcess(Process process, BufferedReader output, int port, String path) {
        this.process = process;
        this.output = output;
        this.port = port;
        this.path = path;
    }

    static ServerProcess start(String contender, Workload workload, String... options) {
        List<String> command = new ArrayList<>(List.of(
                JAVA,
                "-Xms256m",
                "-Xmx256m",
                "-Dslf4j.internal.verbosity=ERROR",
                "-Dorg.jboss.logging.provider=slf4j",
                "-cp",
                ClassPaths.of(contender)));
        command.addAll(List.of(options));
        command.addAll(List.of(ServerMain.class.getName(), contender, workload.name()));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return awaitReady(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerProcess awaitReady(Process process) throws IOException {
        BufferedReader output = process.inputReader();
        String address = after(READY, output);
        int slash = address.indexOf('/');
        int port = Integer.parseInt(address.substring(0, slash));
        return new ServerProcess(process, output, port, address.substring(slash));
    }

    /** The rest of the next line that begins so; contenders may print others. */
    private static String after(String start, BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(start)) {
                return line.substring(start.length());
            }
        }
        throw new IllegalStateException("server: ended (expected: " + start + ")");
    }

    /** One of {@link Facts}. */
    long fact(String name) {
        try {
            process.outputWriter().append(name).append('\n').flush();
            return Long.parseLong(after(FACT, output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri(String of) {
        return URI.create("http://127.0.0.1:" + port + of);
    }

    int port() {
        return port;
    }

    String path() {
        return path;
    }

    /** Of all its threads, since its start. */
    Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
