package dev.healthcheck.orchestrators;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Deployment;
import java.io.IOException;
import java.nio.file.Path;
import org.yaml.snakeyaml.Yaml;

/**
 * Reads manifests by the schema of Kubernetes, as its own Java client has it. kubectl cannot check them here: even with
 * {@code --dry-run=client} it asks an API server which kinds there are.
 */
final class Manifest {
    static final Path FOLDER = Path.of("../../examples/deploy");

    static {
        // It sets up the Gson of the models.
        new JSON();
    }

    private Manifest() {}

    /**
     * Throws if a field is unknown, missing, or of another type. The client's own check of the schema lets a number in
     * quotes or with a fraction pass, so the model must also give the same tree again.
     */
    static V1Deployment parse(String yaml) throws IOException {
        Object written = new Yaml().load(yaml);
        JsonElement tree = new Gson().toJsonTree(written);
        V1Deployment.validateJsonElement(tree);
        V1Deployment deployment = JSON.getGson().fromJson(tree, V1Deployment.class);
        assertThat(withoutEmpty(JSON.getGson().toJsonTree(deployment))).isEqualTo(withoutEmpty(tree));
        return deployment;
    }

    /** Leaves out the empty lists and maps, which the model has in place of all that is not written. */
    private static JsonElement withoutEmpty(JsonElement tree) {
        if (!tree.isJsonObject()) {
            return tree;
        }
        var kept = new JsonObject();
        tree.getAsJsonObject().entrySet().forEach(entry -> {
            JsonElement value = entry.getValue().isJsonArray()
                    ? withoutEmpty(entry.getValue().getAsJsonArray())
                    : withoutEmpty(entry.getValue());
            if (!value.equals(new JsonObject()) && !value.equals(new JsonArray())) {
                kept.add(entry.getKey(), value);
            }
        });
        return kept;
    }

    private static JsonArray withoutEmpty(JsonArray list) {
        var kept = new JsonArray();
        list.forEach(element -> kept.add(withoutEmpty(element)));
        return kept;
    }
}
