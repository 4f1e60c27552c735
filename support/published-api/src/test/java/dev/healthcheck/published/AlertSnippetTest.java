package dev.healthcheck.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The alert that the documents tell people to copy pages nobody for a check that is UP from the start. */
class AlertSnippetTest {
    private static final Pattern SNIPPET = Pattern.compile("health\\.addListener\\(.*?\n\\}\\);", Pattern.DOTALL);

    private static final String AROUND = """
            import dev.healthcheck.*;
            import java.util.List;
            import java.util.concurrent.CopyOnWriteArrayList;

            public final class Alert {
                private final List<String> said = new CopyOnWriteArrayList<>();

                public static List<String> of(HealthCheckRegistry health) {
                    Alert alerts = new Alert();
            %s
                    return alerts.said;
                }

                private void raise(String check, String why) {
                    said.add("raise " + check);
                }

                private void resolve(String check) {
                    said.add("resolve " + check);
                }
            }
            """;

    @TempDir
    private Path output;

    @ParameterizedTest
    @ValueSource(strings = {"docs/operations.md", "healthcheck-core/src/main/java/dev/healthcheck/HealthListener.java"})
    @SuppressWarnings("unchecked")
    void an_alert_is_raised_for_what_is_down_from_the_start_or_goes_down_and_resolved_when_it_is_well(String file)
            throws Exception {
        compile(AROUND.formatted(snippets(file).get(0)));
        AtomicReference<CheckResult> answer = new AtomicReference<>(CheckResult.up());

        try (HealthCheckRegistry health = HealthCheckRegistry.create();
                URLClassLoader loader =
                        new URLClassLoader(new URL[] {output.toUri().toURL()})) {
            List<String> said = (List<String>) loader.loadClass("Alert")
                    .getMethod("of", HealthCheckRegistry.class)
                    .invoke(null, health);
            health.register("well", CheckResult::up);
            health.register("dead", () -> CheckResult.down("gone"));
            health.register("db", answer::get, o -> o.cacheFor(Duration.ZERO));
            for (CheckResult next : List.of(CheckResult.up(), CheckResult.down("gone"), CheckResult.up())) {
                answer.set(next);
                assertThat(health.check().checks()).hasSize(3);
            }

            await().untilAsserted(() -> assertThat(said).hasSizeGreaterThan(2));
            assertThat(said).containsExactly("raise dead", "raise db", "resolve db");
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void an_alert_for_readiness_is_raised_once_for_an_outage_of_many_checks_and_not_for_draining() throws Exception {
        compile(AROUND.formatted(snippets("docs/operations.md").get(1)));
        AtomicReference<CheckResult> answer = new AtomicReference<>(CheckResult.up());

        try (HealthCheckRegistry health = HealthCheckRegistry.create();
                URLClassLoader loader =
                        new URLClassLoader(new URL[] {output.toUri().toURL()})) {
            List<String> said = (List<String>) loader.loadClass("Alert")
                    .getMethod("of", HealthCheckRegistry.class)
                    .invoke(null, health);
            for (String name : List.of("db", "cache")) {
                health.register(name, answer::get, o -> o.cacheFor(Duration.ZERO));
            }
            for (CheckResult next : List.of(CheckResult.up(), CheckResult.down("gone"), CheckResult.up())) {
                answer.set(next);
                assertThat(health.check().checks()).hasSize(2);
            }
            health.drain();

            await().untilAsserted(() -> assertThat(said).hasSizeGreaterThan(1));
            assertThat(said).containsExactly("raise readiness", "resolve readiness");
        }
    }

    private static List<String> snippets(String file) throws IOException {
        List<String> snippets = snippetsIn(Files.readString(Library.ROOT.resolve(file)));
        assertThat(snippets).isNotEmpty();
        return snippets;
    }

    private static List<String> snippetsIn(String text) {
        return SNIPPET.matcher(text.replaceAll("(?m)^ \\* ?", ""))
                .results()
                .map(match -> match.group())
                .toList();
    }

    private void compile(String text) throws IOException {
        List<String> complaints = new ArrayList<>();
        List<String> options = List.of(
                "-Xlint:none",
                "-proc:none",
                "-d",
                output.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--release",
                "17");
        var source = new SimpleJavaFileObject(URI.create("string:///Alert.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
        ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problem -> complaints.add(problem.toString()), options, null, List.of(source))
                .call();
        assertThat(complaints).isEmpty();
    }
}
