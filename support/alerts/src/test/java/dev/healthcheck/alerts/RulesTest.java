package dev.healthcheck.alerts;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** The alerts agree with the documents, with the metrics and with their own tests. Needs no Prometheus. */
class RulesTest {
    private static final Path DOCS = Path.of("../../docs");
    private static final String DOCS_URL = "https://github.com/healthcheck-dev/healthcheck/blob/main/docs/";
    private static final Pattern METRIC = Pattern.compile("(?<![:a-z_])health_[a-z_]+(?![:a-z_])");

    /** A rule that alerts. */
    record Alert(String name, String expression, String severity, Map<String, String> annotations) {
        @SuppressWarnings("unchecked") // promtool checks the form
        static Alert of(Map<String, Object> rule) {
            return new Alert(
                    (String) rule.get("alert"),
                    (String) rule.get("expr"),
                    ((Map<String, String>) rule.get("labels")).get("severity"),
                    (Map<String, String>) rule.get("annotations"));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void an_alert_says_what_is_wrong_and_where_to_read_what_to_do(Alert alert) throws IOException {
        assertThat(alert.severity()).isIn("critical", "warning");
        assertThat(alert.annotations()).containsKeys("summary", "description");
        assertThat(alert.annotations().get("runbook_url"))
                .isEqualTo(DOCS_URL + "operations.md#" + alert.name().toLowerCase(Locale.ROOT));
        assertThat(read(DOCS.resolve("operations.md"))).contains("\n### " + alert.name() + "\n");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void an_alert_about_a_check_names_check_and_service(Alert alert) {
        if (alert.annotations().get("summary").contains("$labels.check")) {
            assertThat(alert.annotations().get("description")).contains("$labels.check", "$labels.job");
        }
        if (alert.annotations().containsKey("reason_url")) {
            assertThat(alert.annotations().get("reason_url")).isEqualTo(DOCS_URL + "reasons.md#{{ $labels.reason }}");
            assertThat(alert.annotations().get("description")).contains("$labels.reason", "UTC");
        }
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void an_alert_has_tests_that_it_fires_and_that_it_does_not(Alert alert) throws IOException {
        List<Integer> alertsExpected = expectations()
                .filter(expectation -> expectation.get("alertname").equals(alert.name()))
                .map(expectation -> ((List<?>) expectation.get("exp_alerts")).size())
                .toList();

        assertThat(alertsExpected).contains(0).anyMatch(count -> count > 0);
        assertThat(alertsExpected.get(alertsExpected.size() - 1)).isZero();
    }

    @Test
    void the_page_lists_the_alerts() throws IOException {
        String page = read(DOCS.resolve("metrics.md"));

        assertThat(alerts()).hasSizeGreaterThan(15).allSatisfy(alert -> assertThat(page)
                .containsPattern("\\| `" + alert.name() + "` \\| [^|]+ \\| " + alert.severity() + " \\|"));
        assertThat(Pattern.compile("^\\| `(Health|Application)", Pattern.MULTILINE)
                        .matcher(page)
                        .results())
                .hasSameSizeAs(alerts().toList());
    }

    @Test
    void the_rules_use_only_metrics_that_exist() throws IOException {
        String page = read(DOCS.resolve("metrics.md"));
        Set<String> used = Stream.of("recording.rules.yml", "alerts.rules.yml", "rules.test.yml")
                .flatMap(file ->
                        METRIC.matcher(read(FastCopy.ORIGINAL.resolve(file))).results())
                .map(found -> found.group())
                .collect(toCollection(TreeSet::new));

        assertThat(used).hasSizeGreaterThan(10).allSatisfy(metric -> assertThat(page)
                .containsPattern("(?m)^" + metric + "[ {]"));
    }

    static Stream<Alert> alerts() {
        Map<String, List<Map<String, Object>>> file =
                new Yaml().load(read(FastCopy.ORIGINAL.resolve("alerts.rules.yml")));
        return file.get("groups").stream().flatMap(RulesTest::rulesOf).map(Alert::of);
    }

    @SuppressWarnings("unchecked") // promtool checks the form
    private static Stream<Map<String, Object>> rulesOf(Map<String, Object> group) {
        return ((List<Map<String, Object>>) group.get("rules")).stream();
    }

    @SuppressWarnings("unchecked") // promtool checks the form
    private static Stream<Map<String, Object>> expectations() {
        Map<String, List<Map<String, Object>>> file =
                new Yaml().load(read(FastCopy.ORIGINAL.resolve("rules.test.yml")));
        return file.get("tests").stream()
                .flatMap(test -> ((List<Map<String, Object>>) test.get("alert_rule_test")).stream());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
