package dev.healthcheck.orchestrators;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Patience;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The command-line programs of Docker. */
final class Docker {
    static final String IMAGE = "local/orders";

    private Docker() {}

    /** Returns what {@code docker} prints. */
    static String run(String... arguments) throws IOException {
        return output(new ProcessBuilder(command("docker", arguments)));
    }

    /** Returns what Compose prints, which is the program {@code -Dcompose}, for the files in {@code -Ddeploy}. */
    static String compose(String... arguments) throws IOException {
        return output(new ProcessBuilder(command(System.getProperty("compose"), arguments))
                .directory(new File(System.getProperty("deploy"))));
    }

    private static String output(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        int exitCode = process.onExit().join().exitValue();
        assertThat(exitCode).as("%s: %s", builder.command(), output).isZero();
        return output;
    }

    private static List<String> command(String program, String... arguments) {
        return Stream.concat(Stream.of(program.split(" ", -1)), Stream.of(arguments))
                .toList();
    }

    static String inspect(String container, String format) throws IOException {
        return run("inspect", "--format", "{{" + format + "}}", container);
    }

    static String address(String container) throws IOException {
        return inspect(container, ".NetworkSettings.IPAddress");
    }

    /** Freezes a container. Tries again if runc gives up, as it does on a busy machine. */
    static void pause(String container) {
        await().atMost(ofMinutes(1)).untilAsserted(() -> {
            if (inspect(container, ".State.Paused").equals("false")) {
                run("pause", container);
            }
        });
    }

    /** Returns how long it took until Docker says so of the health of the container. */
    static Duration awaitHealth(String container, String expected, Duration promise) {
        long begin = System.nanoTime();
        await().atMost(Patience.patiently(promise))
                .pollInterval(ofMillis(100))
                .until(() -> inspect(container, ".State.Health.Status").equals(expected));
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    static String inWords(Duration... durations) {
        return List.of(durations).stream()
                .map(duration -> "%.1f s".formatted(duration.toMillis() / 1000.0))
                .collect(joining(", "));
    }
}
