package dev.healthcheck.orchestrators;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Docker and Compose do with the image of {@code examples/deploy/Dockerfile}, by its own {@code HEALTHCHECK}. */
@Tag("docker")
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
class DockerTest {
    /** Docker asks every 5 s, waits at most 4 s for an answer, and two failures make the container unhealthy. */
    private static final Duration UNHEALTHY = ofSeconds(18);

    private static final Pattern SUCCESS = Pattern.compile("\"End\":\"([^\"]+)\",\"ExitCode\":0");

    private static final Duration HEALTHY = ofSeconds(9);

    @Test
    void Compose_starts_the_gateway_when_the_service_is_healthy_and_shows_an_outage_of_the_database() throws Exception {
        try {
            CompletableFuture<Void> up = CompletableFuture.runAsync(() -> compose("up", "-d", "--no-color", "gateway"));
            await().atMost(ofMinutes(2)).until(() -> !idOf("orders").isEmpty());
            String orders = idOf("orders");
            await().atMost(ofMinutes(2))
                    .until(() -> Docker.inspect(orders, "len .State.Health.Log").matches("[1-9]"));
            assertThat(Docker.inspect(orders, ".State.Health.Status")).isEqualTo("starting");
            assertThat(idOf("gateway"))
                    .as("waits while the database is missing")
                    .isEmpty();

            compose("up", "-d", "--no-color", "db");
            up.join();
            Instant healthy = firstSuccess(orders);
            Instant gateway = Instant.parse(Docker.inspect(idOf("gateway"), ".State.StartedAt"));
            System.out.println("the service is healthy at " + healthy + ", the gateway starts at " + gateway);
            assertThat(gateway).isAfter(healthy);
            assertShown(orders, "(healthy)");

            Docker.run("stop", idOf("db"));
            Duration outage = Docker.awaitHealth(orders, "unhealthy", UNHEALTHY);
            assertShown(orders, "(unhealthy)");
            assertThat(Docker.inspect(orders, "json .State.Health.Log"))
                    .contains("unhealthy: 503 DOWN orders-db unreachable");
            Docker.run("start", idOf("db"));
            Duration recovery = Docker.awaitHealth(orders, "healthy", HEALTHY.plus(ofSeconds(5)));

            Docker.pause(idOf("db"));
            Duration hang = Docker.awaitHealth(orders, "unhealthy", UNHEALTHY);
            Docker.run("unpause", idOf("db"));
            Duration thaw = Docker.awaitHealth(orders, "healthy", HEALTHY.plus(ofSeconds(5)));
            System.out.println(
                    "database stopped, started, paused, continued: " + Docker.inWords(outage, recovery, hang, thaw));

            long begin = System.nanoTime();
            compose("stop", "orders");
            System.out.println("docker-compose stop: " + Docker.inWords(Duration.ofNanos(System.nanoTime() - begin)));
            assertThat(Docker.inspect(orders, ".State.ExitCode")).isEqualTo("143");
        } finally {
            compose("down", "--volumes", "--timeout", "1");
        }
    }

    /** {@code docker stop} alone gives 10 s, and the drain takes 11 s. */
    @ParameterizedTest
    @CsvSource({
        "true, stop --time 40, 143",
        "false, stop --time 40, 143",
        "true, stop, 137",
        "true, kill, 137",
        "false, kill --signal TERM, 143"
    })
    void a_stop_with_time_to_drain_ends_with_143_and_a_kill_with_137(boolean probed, String command, String exitCode)
            throws Exception {
        String container = probed
                ? Docker.run("run", "-d", Docker.IMAGE)
                : Docker.run("run", "-d", "--no-healthcheck", Docker.IMAGE);
        try {
            var prober = new HttpProber(URI.create("http://" + Docker.address(container) + ":8080/health/startup"));
            await().atMost(ofMinutes(2)).until(() -> prober.ask(ofSeconds(5)).success());

            long begin = System.nanoTime();
            Docker.run((command + " " + container).split(" ", -1));
            Docker.run("wait", container);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);

            System.out.printf(
                    "docker %s, %s: exit code %s after %s%n",
                    command,
                    probed ? "with a prober" : "without a prober",
                    Docker.inspect(container, ".State.ExitCode"),
                    Docker.inWords(took));
            assertThat(Docker.inspect(container, ".State.ExitCode")).isEqualTo(exitCode);
        } finally {
            Docker.run("rm", "--force", "--volumes", container);
        }
    }

    private static Instant firstSuccess(String container) throws IOException {
        Matcher success = SUCCESS.matcher(Docker.inspect(container, "json .State.Health.Log"));
        assertThat(success.find()).isTrue();
        return Instant.parse(success.group(1));
    }

    private static void assertShown(String container, String health) throws IOException {
        assertThat(Docker.run("ps", "--filter", "id=" + container, "--format", "{{.Status}}"))
                .endsWith(health);
        assertThat(Docker.compose("ps", "orders")).containsPattern("Up .*" + Pattern.quote(health));
    }

    /** Returns the container of a service of Compose, or nothing if there is none. */
    private static String idOf(String service) throws IOException {
        String label = "label=com.docker.compose.";
        return Docker.run(
                "ps",
                "--all",
                "--quiet",
                "--no-trunc",
                "--filter",
                label + "project=deploy",
                "--filter",
                label + "service=" + service);
    }

    private static String compose(String... arguments) {
        try {
            return Docker.compose(arguments);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
