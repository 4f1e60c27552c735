package dev.healthcheck.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/**
 * The numbers for draining in the documents follow from the settings that stand beside them. support/ci/restarts shows that
 * the programs accept the settings.
 */
class DrainNumbersTest {
    private static final MarkdownPage PAGE = page("docs/operations.md");
    /** Seconds that a service of the documents drains at most, and that its server has for requests. */
    private static final int AT_MOST = 20;

    private static final int STOP_TIMEOUT = 5;

    static Stream<Arguments> rows() {
        String haproxy = block("haproxy");
        String varnish = block("varnish");
        Map<String, Object> probe = at(kubernetes(), "template", "spec", "containers", "0", "readinessProbe");
        return Stream.of(
                arguments("[HAProxy](#haproxy)", number(haproxy, "fall (\\d+)"), number(haproxy, "inter (\\d+)s ")),
                arguments("HAProxy without `default-server`", 3, 2),
                arguments("[Caddy](#caddy)", 1, number(block("caddy"), "health_interval (\\d+)s\n")),
                arguments(
                        "[Varnish](#varnish)",
                        number(varnish, "\\.window = (\\d+);") - number(varnish, "\\.threshold = (\\d+);") + 1,
                        number(varnish, "\\.interval = (\\d+)s;")),
                arguments(
                        "[Apache](#apache)",
                        number(block("apache"), "hcfails=(\\d+) "),
                        number(block("apache"), "hcinterval=(\\d+) ")),
                arguments(
                        "[Kubernetes](#kubernetes-rollouts)",
                        probe.get("failureThreshold"),
                        probe.get("periodSeconds")),
                arguments(
                        "[Docker](#docker), [Compose](#docker-compose)",
                        number(block("dockerfile"), "--retries=(\\d+) "),
                        number(block("dockerfile"), "--interval=(\\d+)s ")));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void the_numbers_of_a_row_follow_from_the_settings_of_its_block(String cell, int failures, int interval) {
        assertThat(PAGE.text())
                .contains("\n| %s | %d x %d s | `awaitDrainSeen(%d, ofSeconds(%d), ofSeconds(%d))` |\n"
                        .formatted(cell, failures, interval, failures, failures * interval + 1, AT_MOST));
    }

    @Test
    void every_row_is_held_by_its_settings() {
        long calls = PAGE.text()
                .lines()
                .filter(line -> line.matches("\\| .*\\| `awaitDrainSeen\\(.*"))
                .count();

        assertThat(calls - 1)
                .as("all but nginx, which has no settings of a probe")
                .isEqualTo(rows().count());
    }

    @Test
    void compose_probes_as_docker_does() {
        Map<String, Object> healthcheck = at(compose(), "services", "orders", "healthcheck");

        assertThat(healthcheck)
                .containsEntry("retries", number(block("dockerfile"), "--retries=(\\d+) "))
                .containsEntry("interval", number(block("dockerfile"), "--interval=(\\d+)s ") + "s");
    }

    @Test
    void the_orchestrators_leave_time_to_drain_and_to_stop() {
        assertThat(List.of(
                        DrainNumbersTest.<Integer>at(kubernetes(), "template", "spec", "terminationGracePeriodSeconds"),
                        number(at(compose(), "services", "orders", "stop_grace_period"), "(\\d+)s"),
                        number(block("ini"), "TimeoutStopSec=(\\d+)s\n"),
                        number(PAGE.text(), "docker stop -t (\\d+) ")))
                .allSatisfy(grace -> assertThat(grace).isGreaterThanOrEqualTo(AT_MOST + STOP_TIMEOUT + 1));
    }

    @Test
    void the_blocks_for_orchestrators_are_part_of_the_files_to_deploy() throws IOException {
        assertThat(contains(yaml(source("examples/deploy/kubernetes.yaml")), Map.of("spec", kubernetes())))
                .isTrue();
        assertThat(contains(yaml(source("examples/deploy/compose.yaml")), compose()))
                .isTrue();
        assertThat(source("examples/deploy/Dockerfile")).contains(block("dockerfile"));
    }

    @Test
    void a_block_that_differs_is_found_out() {
        Map<String, Object> whole = Map.of("a", List.of(Map.of("b", 1, "c", 2)), "d", 3);

        assertThat(contains(whole, Map.of("a", List.of(Map.of("b", 1))))).isTrue();
        assertThat(contains(whole, Map.of("a", List.of(Map.of("b", 2))))).isFalse();
        assertThat(contains(whole, Map.of("e", 3))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "docs/operations.md",
                "docs/hosts.md",
                "examples/spring-boot-3/src/main/resources/application.properties"
            })
    void a_document_for_kubernetes_has_the_numbers_of_its_row(String file) throws IOException {
        String text = source(file);
        boolean java = file.endsWith(".md");

        assertThat(number(
                        text, java ? "awaitDrainSeen\\(\\d+, (?:Duration\\.)?ofSeconds\\((\\d+)" : "at-least=(\\d+)s"))
                .isEqualTo(11);
        assertThat(number(
                        text,
                        java ? "awaitDrainSeen\\(.*?, .*?, (?:Duration\\.)?ofSeconds\\((\\d+)" : "at-most=(\\d+)s"))
                .isEqualTo(AT_MOST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "docs/operations.md",
                "examples/quickstart/src/main/java/dev/healthcheck/examples/quickstart/Quickstart.java",
                "support/restarts/src/main/java/dev/healthcheck/restarts/OrdersService.java"
            })
    void a_service_that_we_show_or_run_lets_requests_end_and_stops_in_this_order(String file) throws IOException {
        assertThat(source(file))
                .contains("server.setStopTimeout(")
                .containsPattern(Pattern.compile(
                        "health\\.drain\\(\\);.*health\\.awaitDrainSeen\\(.*server\\.stop\\(\\);.*health\\.close\\(\\);",
                        Pattern.DOTALL));
    }

    @Test
    void spring_boot_leaves_the_same_time_for_requests_as_jetty() throws IOException {
        String properties = source("examples/spring-boot-3/src/main/resources/application.properties");

        assertThat(properties).contains("server.shutdown=graceful\n");
        assertThat(number(properties, "timeout-per-shutdown-phase=(\\d+)s")).isEqualTo(STOP_TIMEOUT);
        assertThat(number(source("README.md"), "setStopTimeout\\((\\d+)000\\)")).isEqualTo(STOP_TIMEOUT);
    }

    private static boolean contains(Object whole, Object part) {
        if (part instanceof Map<?, ?> entries && whole instanceof Map<?, ?> all) {
            return entries.entrySet().stream()
                    .allMatch(entry ->
                            all.containsKey(entry.getKey()) && contains(all.get(entry.getKey()), entry.getValue()));
        }
        if (part instanceof List<?> items && whole instanceof List<?> all) {
            return items.stream().allMatch(item -> all.stream().anyMatch(other -> contains(other, item)));
        }
        return whole.equals(part);
    }

    private static Map<String, Object> kubernetes() {
        return at(blockOf("yaml", "minReadySeconds"), "spec");
    }

    private static Map<String, Object> compose() {
        return blockOf("yaml", "stop_grace_period");
    }

    private static Map<String, Object> blockOf(String language, String word) {
        return yaml(PAGE.snippets(language).stream()
                .filter(block -> block.contains(word))
                .findFirst()
                .orElseThrow());
    }

    private static String block(String language) {
        return PAGE.snippets(language).get(0);
    }

    private static int number(String text, String pattern) {
        MatchResult found =
                Pattern.compile(pattern).matcher(text).results().findFirst().orElseThrow();
        return Integer.parseInt(found.group(1));
    }

    private static Map<String, Object> yaml(String text) {
        return new Yaml().load(text);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the caller knows the shape
    private static <T> T at(Map<String, Object> map, String... keys) {
        Object value = map;
        for (String key : keys) {
            value = value instanceof List<?> items
                    ? items.get(Integer.parseInt(key))
                    : ((Map<String, Object>) value).get(key);
        }
        return (T) value;
    }

    private static String source(String file) throws IOException {
        return Files.readString(Library.ROOT.resolve(file));
    }

    private static MarkdownPage page(String file) {
        try {
            return MarkdownPage.of(file);
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
