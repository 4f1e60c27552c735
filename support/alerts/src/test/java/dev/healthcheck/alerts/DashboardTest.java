package dev.healthcheck.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The dashboard has the form that Grafana expects, and asks for metrics that exist. Needs no Grafana and no Prometheus. */
class DashboardTest {
    /** The newest version of the classic form. Grafana 12 and 13 read it. */
    private static final int SCHEMA = 42;

    private static final int COLUMNS = 24;
    private static final int ROWS_OF_THE_FIRST_SCREEN = 14;
    private static final Set<String> TYPES = Set.of("row", "stat", "table", "timeseries", "state-timeline", "heatmap");
    private static final Pattern METRIC = Pattern.compile("\\b(up|health_[a-z_]+)\\b(\\{[^}]*})?");
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)");

    private final Dashboard dashboard = Dashboard.read();

    DashboardTest() throws IOException {}

    @Test
    void schema_and_types_of_panels_are_those_of_current_Grafana() {
        assertThat(dashboard.json().path("schemaVersion").asInt()).isEqualTo(SCHEMA);
        assertThat(dashboard.panels())
                .hasSizeGreaterThan(20)
                .extracting(panel -> panel.path("type").asText())
                .allMatch(TYPES::contains);
    }

    @Test
    void each_panel_has_an_id_of_its_own_a_title_and_a_description() {
        assertThat(dashboard.panels())
                .extracting(panel -> panel.path("id").asInt())
                .doesNotHaveDuplicates()
                .allMatch(id -> id > 0);
        assertThat(dashboard.panels())
                .allSatisfy(panel -> assertThat(panel.path("title").asText()).isNotBlank());
        assertThat(withQueries())
                .allSatisfy(panel -> assertThat(panel.path("description").asText())
                        .as(panel.path("title").asText())
                        .endsWith("."));
    }

    @Test
    void the_panels_fit_on_the_grid_and_do_not_overlap() {
        Set<String> taken = new HashSet<>();
        dashboard.panels().forEach(panel -> {
            JsonNode place = panel.path("gridPos");
            int x = place.path("x").asInt();
            int y = place.path("y").asInt();
            assertThat(x + place.path("w").asInt()).isBetween(1, COLUMNS);
            for (int column = x; column < x + place.path("w").asInt(); column++) {
                for (int row = y; row < y + place.path("h").asInt(); row++) {
                    assertThat(taken.add(column + " " + row))
                            .as("%s at column %s, row %s", panel.path("title"), column, row)
                            .isTrue();
                }
            }
        });
    }

    @Test
    void the_first_screen_says_what_is_wrong_on_which_instances_since_when_and_why() {
        List<JsonNode> first = dashboard
                .panels()
                .filter(panel -> panel.path("gridPos").path("y").asInt() < ROWS_OF_THE_FIRST_SCREEN)
                .toList();

        assertThat(first)
                .filteredOn(panel -> panel.path("type").asText().equals("table"))
                .extracting(DashboardTest::columns)
                .hasSize(2)
                .satisfiesExactly(
                        what -> assertThat(what)
                                .contains("Status", "Check", "Reason", "Instances", "Of", "Since", "Required"),
                        where -> assertThat(where).contains("Status", "Instance", "Check", "Reason", "Since"));
    }

    @Test
    void each_query_asks_the_chosen_data_source() {
        assertThat(Stream.concat(withQueries(), dashboard.targets()))
                .extracting(asking -> asking.path("datasource").path("uid").asText())
                .containsOnly("${datasource}");
        assertThat(withQueries()).allSatisfy(panel -> assertThat(Dashboard.in(panel.path("targets")))
                .extracting(target -> target.path("refId").asText())
                .isNotEmpty()
                .doesNotHaveDuplicates());
    }

    @Test
    void each_query_keeps_to_the_chosen_jobs_instances_and_checks() {
        assertThat(dashboard.variables())
                .extracting(variable -> variable.path("name").asText())
                .containsExactly("datasource", "job", "instance", "check");
        assertThat(dashboard.queries()).allSatisfy(query -> {
            assertThat(VARIABLE.matcher(query).results().map(found -> found.group(1)))
                    .isSubsetOf("job", "instance", "check", "__rate_interval");
            Matcher metric = METRIC.matcher(query);
            while (metric.find()) {
                assertThat(metric.group(2)).as(query).startsWith("{job=~\"$job\", instance=~\"$instance\"");
                assertThat(metric.group(2).contains("check=~\"$check\""))
                        .as(metric.group())
                        .isEqualTo(metric.group(1).startsWith("health_check_"));
            }
        });
    }

    @Test
    void the_queries_use_only_metrics_that_exist() throws IOException {
        String page = Files.readString(Path.of("../../docs/metrics.md"));

        assertThat(dashboard
                        .queries()
                        .flatMap(query -> METRIC.matcher(query).results())
                        .map(found -> found.group(1))
                        .filter(Predicate.not("up"::equals))
                        .distinct())
                .hasSizeGreaterThan(10)
                .allSatisfy(metric -> assertThat(page).containsPattern("(?m)^" + metric + "[ {]"));
    }

    private Stream<JsonNode> withQueries() {
        return dashboard.panels().filter(panel -> !panel.path("type").asText().equals("row"));
    }

    private static List<String> columns(JsonNode table) {
        return Dashboard.in(table.path("transformations"))
                .flatMap(step -> Dashboard.in(step.path("options").path("renameByName")))
                .map(JsonNode::asText)
                .toList();
    }
}
