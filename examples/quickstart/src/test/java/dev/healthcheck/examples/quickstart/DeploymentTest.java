package dev.healthcheck.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheckRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The files in {@code examples/deploy} can be read, and the probes in them run. */
class DeploymentTest {
    private static final Path FOLDER = Path.of("../deploy");
    /** Seconds for which a service of the documents drains at most. */
    private static final int DRAIN = 20;

    private static final List<String> PROBES = List.of("startupProbe", "livenessProbe", "readinessProbe");

    @ParameterizedTest
    @ValueSource(strings = {"kubernetes.yaml", "kubernetes-exec.yaml"})
    void a_deployment_has_the_three_probes_and_time_to_drain(String file) throws Exception {
        Map<String, Object> pod = podOf(file);

        assertThat(containerOf(pod)).containsKeys(PROBES.toArray(String[]::new));
        assertThat((Integer) pod.get("terminationGracePeriodSeconds")).isGreaterThan(DRAIN + 5 + 1);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_runs_and_says_that_nobody_answers(List<String> command) throws Exception {
        int last = command.size() - 1;
        List<String> runnable = new ArrayList<>();
        runnable.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        runnable.addAll(command.subList(1, command.indexOf("-jar")));
        runnable.addAll(program());
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            runnable.add(command.get(last).replace("8080", "" + listener.getLocalPort()));
        }
        Process probe = new ProcessBuilder(runnable).redirectErrorStream(true).start();
        try {
            assertThat(probe.waitFor(40, SECONDS)).isTrue();
            assertThat(new String(probe.getInputStream().readAllBytes(), UTF_8))
                    .isEqualToIgnoringNewLines("unhealthy: refused");
            assertThat(probe.exitValue()).isEqualTo(1);
        } finally {
            probe.destroyForcibly();
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
    @ValueSource(strings = {"README.md", "docs/operations.md"})
    void a_page_drains_for_as_long_as_the_readiness_probe_needs_to_notice(String page) throws Exception {
        MatchResult call = firstIn(page, "awaitDrainSeen\\((\\d+), ofSeconds\\((\\d+)\\), ofSeconds\\((\\d+)\\)\\)");
        Map<String, Integer> probe = numbersOf(containerOf(podOf("kubernetes.yaml")), "readinessProbe");
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
