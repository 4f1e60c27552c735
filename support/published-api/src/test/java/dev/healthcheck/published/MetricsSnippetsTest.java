package dev.healthcheck.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/metrics.md tells people to copy does what it says, and what it shows is what Prometheus reads. */
class MetricsSnippetsTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static final String AROUND = """
            import dev.healthcheck.HealthCheckRegistry;
            import dev.healthcheck.http.HealthEndpoint;
            import dev.healthcheck.micrometer.HealthMetrics;
            import dev.healthcheck.servlet.HealthServlet;
            import io.micrometer.prometheusmetrics.PrometheusConfig;
            import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
            import jakarta.servlet.http.*;
            import java.io.IOException;
            import org.eclipse.jetty.ee10.servlet.*;

            public final class Metrics {
                public static void add(HealthCheckRegistry health, ServletContextHandler context) {
            %s
                }
            }
            """;

    @TempDir
    private Path output;

    @Test
    void the_snippet_for_Jetty_serves_the_meters() throws Exception {
        compile(AROUND.formatted(snippetWith("PrometheusMeterRegistry")));
        Server server = new Server(0);
        ServletContextHandler context = new ServletContextHandler();
        server.setHandler(context);
        try (HealthCheckRegistry health = HealthCheckRegistry.create();
                URLClassLoader loader =
                        new URLClassLoader(new URL[] {output.toUri().toURL()})) {
            health.register("db", CheckResult::up);
            loader.loadClass("Metrics")
                    .getMethod("add", HealthCheckRegistry.class, ServletContextHandler.class)
                    .invoke(null, health, context);
            server.start();
            int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();

            assertThat(get(port, "/health/ready").statusCode()).isEqualTo(200);

            await().untilAsserted(
                            () -> assertThat(get(port, "/metrics").body().lines())
                                    .contains(
                                            "health_check_status{check=\"db\",status=\"up\"} 1.0",
                                            "health_probe_requests_seconds_count{code=\"200\",probe=\"readiness\",prober=\"kube-probe\"} 1"));
            assertThat(get(port, "/metrics").headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        } finally {
            server.stop();
        }
    }

    @Test
    void the_bean_for_Spring_Boot_is_the_one_of_the_example() throws Exception {
        String example = Files.readString(Library.ROOT.resolve(
                "examples/spring-boot-3/src/test/java/dev/healthcheck/examples/springboot/MetricsTest.java"));
        List<String> recipes = MarkdownPage.of("docs/metrics.md").snippets("java recipe");

        assertThat(recipes).singleElement().satisfies(recipe -> assertThat(example.replaceAll("(?m)^ {8}", ""))
                .contains(recipe));
    }

    @Test
    void the_scrape_on_the_page_is_the_one_that_the_tests_expect() throws Exception {
        String expected = Files.readString(Library.ROOT.resolve(
                "healthcheck-micrometer/src/test/resources/dev/healthcheck/micrometer/scrape.txt"));

        assertThat(MarkdownPage.of("docs/metrics.md").snippets("text")).contains(expected);
    }

    private static String snippetWith(String word) throws Exception {
        return MarkdownPage.of("docs/metrics.md").snippets("java").stream()
                .filter(snippet -> snippet.contains(word))
                .findFirst()
                .orElseThrow();
    }

    private void compile(String source) throws Exception {
        Path file = Files.writeString(output.resolve("Metrics.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classPath = System.getProperty("java.class.path");
        assertThat(compiler.run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-nowarn",
                        "-cp",
                        classPath,
                        "-d",
                        output.toString(),
                        file.toString()))
                .isZero();
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("User-Agent", "kube-probe/1.34")
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
