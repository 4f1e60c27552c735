package dev.healthcheck.orchestrators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParseException;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Kubernetes accepts the manifests of {@code examples/deploy}. */
class ManifestTest {

    static Stream<Path> manifests() throws Exception {
        try (Stream<Path> files = Files.list(Manifest.FOLDER)) {
            return files
                    .filter(file -> file.getFileName().toString().matches("kubernetes.*\\.yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void there_are_manifests() throws Exception {
        assertThat(manifests()).hasSizeGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void a_manifest_is_a_deployment_by_the_schema_of_Kubernetes(Path file) throws Exception {
        V1Deployment deployment = Manifest.parse(Files.readString(file));

        assertThat(deployment.getApiVersion()).isEqualTo("apps/v1");
        assertThat(deployment.getKind()).isEqualTo("Deployment");
        assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
                .as("the selector finds the pods")
                .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void a_probe_that_names_a_port_finds_it(Path file) throws Exception {
        V1PodSpec pod =
                Manifest.parse(Files.readString(file)).getSpec().getTemplate().getSpec();

        pod.getContainers().forEach(container -> Stream.of(
                        container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                .filter(probe -> probe != null && probe.getHttpGet() != null)
                .map(probe -> probe.getHttpGet().getPort())
                .filter(port -> !port.isInteger())
                .forEach(port -> assertThat(container.getPorts())
                        .extracting(V1ContainerPort::getName)
                        .contains(port.getStrValue())));
    }

    @ParameterizedTest
    @CsvSource({
        "periodSeconds, periodSecond",
        "'timeoutSeconds: 1', 'timeoutSeconds: \"1\"'",
        "'timeoutSeconds: 1', 'timeoutSeconds: 1s'",
        "'replicas: 3', 'replicas: 2.5'",
        "'httpGet:', 'httpget:'",
        "'selector:', 'selectors:'",
        "'- name: orders', '- title: orders'",
        "'terminationGracePeriodSeconds: 40', 'terminationGracePeriodSeconds: 40s'",
    })
    void a_mistake_in_a_manifest_is_found(String right, String wrong) throws Exception {
        String manifest = Files.readString(Manifest.FOLDER.resolve("kubernetes.yaml"));
        assertThat(manifest).contains(right);

        assertThatThrownBy(() -> Manifest.parse(manifest.replace(right, wrong)))
                .isInstanceOfAny(IllegalArgumentException.class, JsonParseException.class, AssertionError.class);
    }
}
