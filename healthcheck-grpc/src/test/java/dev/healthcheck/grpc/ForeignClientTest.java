package dev.healthcheck.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import dev.healthcheck.testkit.Hang;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code @grpc/grpc-js} understands the answers. */
@Tag("node")
class ForeignClientTest {
    private final HealthCheckRegistry health = HealthCheckRegistry.create();
    private final AtomicBoolean up = new AtomicBoolean(true);
    private final Registration db =
            health.register("orders-db", () -> up.get() ? CheckResult.up() : CheckResult.down("gone"));
    private final List<String> expected = new ArrayList<>();

    @TempDir
    private Path folder;

    private TestServer server;
    private Process client;
    private PrintStream commands;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.of(health);
        Path proto = folder.resolve("health.proto");
        try (InputStream source = HealthCalls.class.getResourceAsStream("/grpc/health/v1/health.proto")) {
            Files.copy(Objects.requireNonNull(source), proto);
        }
        String program = Objects.requireNonNull(System.getProperty("healthcheck.grpc-client"), "run support/ci/grpc");
        client = new ProcessBuilder("node", program, "" + server.port(), proto.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        commands = new PrintStream(client.getOutputStream(), true, UTF_8);
    }

    @AfterEach
    void stop() throws Exception {
        commands.close();
        client.destroyForcibly().waitFor();
        server.close();
        health.close();
        System.out.print(Files.readString(folder.resolve("output")));
    }

    @Test
    void a_client_sees_serving_not_serving_draining_and_the_unknown() throws Exception {
        ask("Check readiness", "Check readiness: SERVING");
        ask("Check liveness", "Check liveness: SERVING");
        ask("Check", "Check: SERVING");
        ask("Check nowhere", "Check nowhere: NOT_FOUND, unknown service");
        ask("Watch nowhere", "Watch nowhere: SERVICE_UNKNOWN");
        ask("Watch readiness", "Watch readiness: SERVING");

        turn(false);
        hear("Watch readiness: NOT_SERVING");
        ask("Check readiness", "Check readiness: NOT_SERVING");
        turn(true);
        hear("Watch readiness: SERVING");

        Hang hang = new Hang();
        Registration hanging = health.register("search", hang);
        hear("Watch readiness: NOT_SERVING");
        ask("Check", "Check: NOT_SERVING");
        hang.release();
        hanging.close();
        turn(true);
        hear("Watch readiness: SERVING");

        health.drain();
        hear("Watch readiness: NOT_SERVING");
        ask("Check readiness", "Check readiness: NOT_SERVING");
        ask("Check liveness", "Check liveness: SERVING");
        health.close();
        ask("Check readiness", "Check readiness: NOT_SERVING");
    }

    private void ask(String command, String... answers) {
        commands.println(command);
        hear(answers);
    }

    /** Waits until these answers, and no others, have come since the last ones. */
    private void hear(String... answers) {
        expected.addAll(List.of(answers));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(Files.readAllLines(folder.resolve("output"))).isEqualTo(expected));
    }

    private void turn(boolean up) {
        this.up.set(up);
        db.runNow();
    }
}
