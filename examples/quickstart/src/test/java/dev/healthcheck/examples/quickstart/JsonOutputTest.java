package dev.healthcheck.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole output of the quick start with {@code --log json}: a start, an outage, a recovery and a stop. */
@Tag("slow")
class JsonOutputTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String OUTAGE = "orders-db is DOWN[^\n]*, was UP";
    private static final String RECOVERY = "orders-db is UP, was DOWN";

    @TempDir
    private Path folder;

    @Test
    void every_line_is_an_object_and_changes_have_their_fields() throws Exception {
        Path output = folder.resolve("output");
        Process process = start(output);
        try {
            var commands = process.outputWriter(UTF_8);
            awaitOutput(output, "up: http://localhost:.*probe: 200");
            commands.append("pg stop\n").flush();
            awaitOutput(output, OUTAGE);
            commands.append("pg start\nhelp\nnonsense\n").flush();
            awaitOutput(output, OUTAGE + ".*" + RECOVERY);
            commands.append("quit\n").flush();
            assertThat(process.waitFor(60, SECONDS)).isTrue();
        } finally {
            process.destroy(); // so that it stops PostgreSQL and Redis
            process.waitFor();
        }

        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(output)) {
            lines.add(JSON.readTree(line));
        }
        assertThat(lines).allMatch(JsonNode::isObject).allMatch(line -> line.hasNonNull("@timestamp"));
        HealthFields.assertOutage(lastOf(OUTAGE, lines), "orders-db");
        HealthFields.assertRecovery(lastOf(RECOVERY, lines), "orders-db");
        assertThat(lines.get(lines.size() - 1).path("message").textValue()).isEqualTo("stopped");
    }

    private Process start(Path output) throws Exception {
        int port;
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = listener.getLocalPort();
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--log",
                        "json",
                        "--port",
                        "" + port)
                .redirectOutput(output.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
    }

    private static void awaitOutput(Path output, String part) {
        var pattern = Pattern.compile(part, Pattern.DOTALL);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> pattern.matcher(Files.readString(output)).find());
    }

    private static JsonNode lastOf(String message, List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> line.path("message").asText().matches(message + ".*"))
                .reduce((one, next) -> next)
                .orElseThrow();
    }
}
