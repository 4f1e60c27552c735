package dev.healthcheck.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks Prometheus what Grafana asks it for the {@link Dashboard}, with "All" for each variable. */
final class DashboardQueries {
    /** Grafana takes at least four scrapes. Here, a scrape comes each second. */
    private static final String RATE_INTERVAL = "10s";

    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

    private final Dashboard dashboard = Dashboard.read();
    private final Program prometheus;

    DashboardQueries(Program prometheus) throws IOException {
        this.prometheus = prometheus;
    }

    /** Returns the series that each query of the panels gives now, by the title of the panel and the name of the query. */
    Map<String, JsonNode> answers() throws IOException, InterruptedException {
        Map<String, String> variables = variables();
        Map<String, JsonNode> answers = new LinkedHashMap<>();
        for (JsonNode panel : dashboard.panels().toList()) {
            for (JsonNode target : panel.path("targets")) {
                String query = Dashboard.with(variables, target.path("expr").asText());
                answers.put(
                        panel.path("title").asText() + " "
                                + target.path("refId").asText(),
                        data("/api/v1/query?query=" + encoded(query)).path("result"));
            }
        }
        return answers;
    }

    private Map<String, String> variables() throws IOException, InterruptedException {
        Map<String, String> values = new LinkedHashMap<>(Map.of("__rate_interval", RATE_INTERVAL));
        for (JsonNode variable : dashboard.variables().toList()) {
            if (variable.path("type").asText().equals("query")) {
                List<String> all = valuesOf(variable, values);
                values.put(
                        variable.path("name").asText(),
                        variable.path("allValue").asText(String.join("|", all)));
            }
        }
        return values;
    }

    private List<String> valuesOf(JsonNode variable, Map<String, String> before)
            throws IOException, InterruptedException {
        MatchResult query = parsed(variable.path("definition").asText());
        JsonNode values = data("/api/v1/label/" + query.group(2) + "/values?match[]="
                + encoded(Dashboard.with(before, query.group(1))));
        if (values.isEmpty()) {
            throw new IllegalStateException(variable.path("name") + " has no values");
        }
        return Dashboard.in(values).map(JsonNode::asText).toList();
    }

    private static MatchResult parsed(String definition) {
        Matcher matcher = LABEL_VALUES.matcher(definition);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("definition: " + definition + " (expected: label_values(..., ...))");
        }
        return matcher;
    }

    private JsonNode data(String path) throws IOException, InterruptedException {
        JsonNode answer = new ObjectMapper().readTree(prometheus.get(path.replace("[]", "%5B%5D")));
        if (!answer.path("status").asText().equals("success")) {
            throw new IOException(answer + " to " + path);
        }
        return answer.path("data");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
