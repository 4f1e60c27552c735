package dev.healthcheck.published;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first program of the README does what the README says. */
class ReadmeTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void the_first_program_starts_and_gives_the_answer_that_is_shown() throws Exception {
        MarkdownPage readme = MarkdownPage.of("README.md");
        int port = Ports.free();
        Process program = start(readme.snippets("java").get(0).replace("8080", String.valueOf(port)));
        try {
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> !ask(port)
                    .isEmpty());

            assertThat(withoutTimes(ask(port))).isEqualTo(withoutTimes(shown(readme)));
        } finally {
            program.destroyForcibly().waitFor();
        }
    }

    private Process start(String source) throws IOException {
        Path main = Files.writeString(folder.resolve("Main.java"), source);
        String classPath = System.getProperty("java.class.path");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, "-proc:none", "-cp", classPath, main.toString()))
                .isZero();
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                folder + System.getProperty("path.separator") + classPath,
                "Main");
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private static String ask(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString(UTF_8)).body();
    }

    /** Returns the answer that the README shows below the call of curl. */
    private static String shown(MarkdownPage readme) {
        return readme.snippets("").stream()
                .filter(snippet -> snippet.startsWith("$ curl localhost:8080/health/ready\n"))
                .map(snippet -> snippet.substring(snippet.indexOf('\n') + 1))
                .findFirst()
                .orElseThrow();
    }

    private static String withoutTimes(String answer) {
        return answer.strip()
                .replaceAll("\"[0-9-]+T[0-9:.]+Z\"", "\"date\"")
                .replaceAll("\"durationMs\":[0-9.]+", "\"durationMs\":0");
    }
}
