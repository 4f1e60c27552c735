package dev.healthcheck.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.servlet.HealthServlet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The files in {@code examples/deploy} can be read, and the probes in them run. */
class DeploymentTest {
    private static final Path FOLDER = Path.of("../deploy");
    /** Seconds for which a service of the documents drains at most. */
    private static final int DRAIN = 20;
    /** Seconds that it needs to stop: the drain, the stop of the server, the end of the checks. */
    private static final int STOP = DRAIN + 5 + 1;

    private static final List<String> PROBES = List.of("startupProbe", "livenessProbe", "readinessProbe");

    @ParameterizedTest
    @ValueSource(strings = {"kubernetes.yaml", "kubernetes-exec.yaml", "kubernetes-grpc.yaml"})
    void a_deployment_has_the_three_probes_and_time_to_drain(String file) throws Exception {
        Map<String, Object> pod = podOf(file);

        assertThat(containerOf(pod)).containsKeys(PROBES.toArray(String[]::new));
        assertThat((Integer) pod.get("terminationGracePeriodSeconds")).isGreaterThan(STOP);
    }

    @Test
    void Compose_gives_a_service_time_to_drain() throws Exception {
        String grace = at(yaml("compose.yaml"), "services", "orders", "stop_grace_period");

        assertThat(grace).matches("\\d+s");
        assertThat(Integer.parseInt(grace.replace("s", ""))).isGreaterThan(STOP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubernetes.yaml", "kubernetes-exec.yaml", "kubernetes-grpc.yaml"})
    void a_probe_ends_before_the_next_one_begins(String file) throws Exception {
        Map<String, Object> container = containerOf(podOf(file));

        assertThat(PROBES).allSatisfy(probe -> {
            Map<String, Integer> numbers = numbersOf(container, probe);
            assertThat(numbers.get("timeoutSeconds")).isLessThanOrEqualTo(numbers.get("periodSeconds"));
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_runs_and_says_that_nobody_answers(List<String> command) throws Exception {
        int port;
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = listener.getLocalPort();
        }

        assertThat(run(command, port)).isEqualTo("unhealthy: refused\n, exit 1");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_names_the_required_check_that_is_down(List<String> command) throws Exception {
        Server jetty = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (HealthCheckRegistry health = HealthCheckRegistry.builder()
                .answerWithin(Duration.ofSeconds(30))
                .defaults(o -> o.timeout(Duration.ofSeconds(20)))
                .build()) {
            health.register("cache", () -> CheckResult.down("gone").withReason("timeout"), o -> o.optional());
            health.register("orders-db", () -> CheckResult.down("gone").withReason("unreachable"));
            ServletContextHandler context = new ServletContextHandler();
            context.addServlet(new ServletHolder(HealthServlet.of(health)), "/health/*");
            jetty.setHandler(context);
            jetty.start();

            String expected = command.get(command.size() - 1).endsWith("/ready")
                    ? "unhealthy: 503 DOWN orders-db unreachable\n, exit 1"
                    : "healthy: 200 UP\n, exit 0";
            assertThat(run(command, jetty.getURI().getPort())).isEqualTo(expected);
        } finally {
            jetty.stop();
        }
    }

    @Test
    void the_files_agree_about_the_command() throws Exception {
        assertThat(commands()
                        .map(command -> command.subList(0, command.size() - 1))
                        .distinct())
                .hasSize(1);
        assertThat(commands().map(command -> URI.create(command.get(command.size() - 1))
                        .getPath()))
                .containsOnly("/health/startup", "/health/live", "/health/ready")
                .hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/operations.md"})
    void a_page_shows_the_probes_of_the_deployment(String page) throws Exception {
        Map<String, Object> shown =
                new Yaml().load(firstIn(page, "```yaml\n(.*?)```").group(1));
        Map<String, Object> deployed = containerOf(podOf("kubernetes.yaml"));

        for (String probe : PROBES) {
            assertThat(DeploymentTest.<String>at(shown, probe, "httpGet", "path"))
                    .isEqualTo(at(deployed, probe, "httpGet", "path"));
            assertThat(numbersOf(deployed, probe)).containsAllEntriesOf(numbersOf(shown, probe));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "README.md, kubernetes.yaml",
        "README.md, kubernetes-exec.yaml",
        "README.md, kubernetes-grpc.yaml",
        "docs/operations.md, kubernetes.yaml",
        "docs/operations.md, kubernetes-exec.yaml",
        "docs/operations.md, kubernetes-grpc.yaml"
    })
    void a_page_drains_for_as_long_as_the_readiness_probe_needs_to_notice(String page, String file) throws Exception {
        MatchResult call = firstIn(page, "awaitDrainSeen\\((\\d+), ofSeconds\\((\\d+)\\), ofSeconds\\((\\d+)\\)\\)");
        Map<String, Integer> probe = numbersOf(containerOf(podOf(file)), "readinessProbe");
        int failures = probe.get("failureThreshold");

        assertThat(Integer.parseInt(call.group(1))).isGreaterThanOrEqualTo(failures);
        assertThat(Integer.parseInt(call.group(2))).isGreaterThanOrEqualTo(probe.get("periodSeconds") * failures + 1);
        assertThat(Integer.parseInt(call.group(3))).isEqualTo(DRAIN);
    }

    static Stream<List<String>> commands() throws Exception {
        List<List<String>> commands = new ArrayList<>();
        String docker = Files.readString(FOLDER.resolve("Dockerfile"));
        commands.add(new Yaml().load(docker.substring(docker.indexOf("CMD [") + 4, docker.indexOf("]\n") + 1)));
        List<String> compose = at(yaml("compose.yaml"), "services", "orders", "healthcheck", "test");
        commands.add(compose.subList(1, compose.size()));
        for (String probe : PROBES) {
            commands.add(at(containerOf(podOf("kubernetes-exec.yaml")), probe, "exec", "command"));
        }
        return commands.stream();
    }

    /** Returns the output and the exit code of the command, asked for another port. Has time: the machine may be busy. */
    private static String run(List<String> command, int port) throws Exception {
        int last = command.size() - 1;
        List<String> runnable = new ArrayList<>();
        runnable.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        runnable.addAll(command.subList(1, command.indexOf("-jar")));
        runnable.addAll(program());
        runnable.addAll(List.of("--timeout", "30s", command.get(last).replace("8080", "" + port)));
        Process probe = new ProcessBuilder(runnable).redirectErrorStream(true).start();
        try {
            assertThat(probe.waitFor(40, SECONDS)).isTrue();
            String output = new String(probe.getInputStream().readAllBytes(), UTF_8);
            return output.replace(System.lineSeparator(), "\n") + ", exit " + probe.exitValue();
        } finally {
            probe.destroyForcibly();
        }
    }

    private static MatchResult firstIn(String page, String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern, Pattern.DOTALL).matcher(Files.readString(Path.of("../..", page)));
        assertThat(found.find()).as(pattern).isTrue();
        return found;
    }

    private static Map<String, Integer> numbersOf(Map<String, Object> container, String probe) {
        Map<String, Object> settings = at(container, probe);
        Map<String, Integer> numbers = new HashMap<>();
        settings.forEach((name, value) -> {
            if (value instanceof Integer number) {
                numbers.put(name, number);
            }
        });
        return numbers;
    }

    /** Core's jar, or the directory of its classes if a build stops before the jars. */
    private static List<String> program() throws Exception {
        Path core = Path.of(HealthCheckRegistry.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return Files.isDirectory(core)
                ? List.of("-cp", core.toString(), "dev.healthcheck.checks.ProbeClient")
                : List.of("-jar", core.toString());
    }

    private static Map<String, Object> podOf(String file) throws Exception {
        return at(yaml(file), "spec", "template", "spec");
    }

    private static Map<String, Object> containerOf(Map<String, Object> pod) {
        List<Map<String, Object>> containers = at(pod, "containers");
        return containers.get(0);
    }

    private static Map<String, Object> yaml(String file) throws Exception {
        return new Yaml().load(Files.readString(FOLDER.resolve(file)));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the caller knows the shape
    private static <T> T at(Map<String, Object> map, String... keys) {
        Object value = map;
        for (String key : keys) {
            value = ((Map<String, Object>) value).get(key);
        }
        return (T) value;
    }
}
