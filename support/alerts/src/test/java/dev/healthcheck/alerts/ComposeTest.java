package dev.healthcheck.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Prometheus, Alertmanager and Grafana in {@code examples/deploy/compose.yaml} find their files and each other. */
class ComposeTest {
    private static final Path FOLDER = Path.of("../../examples/deploy");

    private final JsonNode services = yaml("compose.yaml").path("services");

    ComposeTest() throws IOException {}

    @ParameterizedTest
    @ValueSource(strings = {"prometheus", "alertmanager", "grafana"})
    void a_program_has_a_fixed_version_a_limit_of_memory_and_a_port_for_this_machine_only(String name) {
        JsonNode service = services.path(name);

        assertThat(service.path("image").asText()).matches("[a-z]+/[a-z]+:v?\\d+\\.\\d+\\.\\d+");
        assertThat(service.path("mem_limit").asText()).matches("\\d+m");
        assertThat(texts(service.path("ports"))).hasSize(1).allSatisfy(port -> assertThat(port)
                .startsWith("127.0.0.1:"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prometheus", "alertmanager", "grafana"})
    void a_program_gets_files_that_exist_and_cannot_change_them(String name) {
        assertThat(texts(services.path(name).path("volumes")).filter(volume -> volume.startsWith(".")))
                .isNotEmpty()
                .allSatisfy(volume -> {
                    assertThat(volume).endsWith(":ro");
                    assertThat(FOLDER.resolve(volume.split(":", -1)[0])).exists();
                });
    }

    @Test
    void nobody_can_log_in_to_Grafana_so_it_needs_no_password() throws IOException {
        JsonNode environment = services.path("grafana").path("environment");

        assertThat(environment
                        .path("GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION")
                        .asText())
                .isEqualTo("true");
        assertThat(environment.path("GF_AUTH_ANONYMOUS_ORG_ROLE").asText()).isEqualTo("Viewer");
        assertThat(Files.readString(FOLDER.resolve("compose.yaml"))).doesNotContain("PASSWORD");
    }

    @Test
    void Grafana_finds_Prometheus_and_the_dashboard() throws IOException {
        JsonNode source = yaml("grafana/provisioning/datasources/prometheus.yaml")
                .path("datasources")
                .path(0);
        JsonNode provider = yaml("grafana/provisioning/dashboards/health.yaml")
                .path("providers")
                .path(0);

        assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");
        assertThat(source.path("jsonData").path("timeInterval"))
                .isEqualTo(yaml("prometheus/prometheus.yml")
                        .path("scrape_configs")
                        .path(0)
                        .path("scrape_interval"));
        assertThat(texts(services.path("grafana").path("volumes")))
                .contains("./grafana/dashboards:"
                        + provider.path("options").path("path").asText() + ":ro");
    }

    @Test
    void Alertmanager_finds_the_files_that_its_configuration_names() throws IOException {
        JsonNode global = yaml("prometheus/alertmanager.yml").path("global");
        List<String> secrets = Dashboard.in(services.path("alertmanager").path("secrets"))
                .map(secret -> secret.path("target").asText())
                .toList();

        assertThat(secrets)
                .containsExactlyInAnyOrder(
                        global.path("slack_api_url_file").asText(),
                        global.path("smtp_auth_password_file").asText());
    }

    private static Stream<String> texts(JsonNode array) {
        return Dashboard.in(array).map(JsonNode::asText);
    }

    private static JsonNode yaml(String file) throws IOException {
        return new ObjectMapper().valueToTree(new Yaml().load(Files.readString(FOLDER.resolve(file))));
    }
}
