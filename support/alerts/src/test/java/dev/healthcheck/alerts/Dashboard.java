package dev.healthcheck.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The dashboard of {@code examples/deploy/grafana}. */
final class Dashboard {
    private final JsonNode json;

    private Dashboard(JsonNode json) {
        this.json = json;
    }

    static Dashboard read() throws IOException {
        return new Dashboard(new ObjectMapper()
                .readTree(Path.of("../../examples/deploy/grafana/dashboards/health.json")
                        .toFile()));
    }

    JsonNode json() {
        return json;
    }

    /** All panels, headings of rows included. */
    Stream<JsonNode> panels() {
        return in(json.path("panels"));
    }

    Stream<JsonNode> targets() {
        return panels().flatMap(panel -> in(panel.path("targets")));
    }

    Stream<JsonNode> variables() {
        return in(json.path("templating").path("list"));
    }

    Stream<String> queries() {
        return targets().map(target -> target.path("expr").asText());
    }

    static Stream<JsonNode> in(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Returns the text with these values of the variables. */
    static String with(Map<String, String> values, String text) {
        String replaced = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            replaced = replaced.replace("$" + value.getKey(), value.getValue());
        }
        return replaced;
    }
}
