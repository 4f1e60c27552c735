package dev.healthcheck.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java that the documents and the Javadoc tell people to copy compiles. */
class JavaSnippetsTest {
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\n(.*?)\\}</pre>", Pattern.DOTALL);

    private static final Pattern CLASS = Pattern.compile("^public (?:final )?class (\\w+)", Pattern.MULTILINE);

    /** The code that a reader has around the snippets. */
    private static final String AROUND = """
            import static java.nio.charset.StandardCharsets.UTF_8;
            import static java.time.Duration.*;
            import static java.time.temporal.ChronoUnit.DAYS;
            import static org.assertj.core.api.Assertions.assertThat;

            import com.zaxxer.hikari.HikariDataSource;
            import dev.healthcheck.*;
            import dev.healthcheck.checks.*;
            import dev.healthcheck.grpc.*;
            import dev.healthcheck.http.*;
            import dev.healthcheck.jdbc.*;
            import dev.healthcheck.micrometer.*;
            import dev.healthcheck.redis.*;
            import dev.healthcheck.servlet.*;
            import dev.healthcheck.testkit.*;
            import io.grpc.Grpc;
            import io.grpc.InsecureServerCredentials;
            import io.lettuce.core.AbstractRedisClient;
            import io.lettuce.core.RedisClient;
            import io.micrometer.core.instrument.*;
            import io.micrometer.core.instrument.config.MeterFilter;
            import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
            import io.micrometer.prometheusmetrics.*;
            import jakarta.servlet.*;
            import jakarta.servlet.http.*;
            import java.io.IOException;
            import java.net.Socket;
            import java.net.URI;
            import java.nio.file.Path;
            import java.security.MessageDigest;
            import java.time.Duration;
            import java.time.LocalDate;
            import java.util.List;
            import java.util.Map;
            import java.util.Queue;
            import java.util.concurrent.CompletionStage;
            import java.util.concurrent.Executor;
            import org.apache.catalina.connector.Connector;
            import org.apache.catalina.startup.Tomcat;
            import org.eclipse.jetty.ee10.servlet.*;
            import org.eclipse.jetty.server.*;
            import org.eclipse.jetty.util.thread.QueuedThreadPool;

            abstract class Snippet {
                interface Flyway { Info info(); interface Info { Object[] pending(); } }
                static class Worker implements Runnable {
                    Worker(HealthCheckRegistry health, Heartbeat beat, Queue<String> queue, Object handler) {}
                    public void run() {}
                }
                interface LettuceConnectionFactory { AbstractRedisClient getNativeClient(); }
                interface Licences { boolean request(); }
                interface Rates { Duration age(); }
                interface SearchClient { CompletionStage<Pong> pingAsync(); interface Pong { boolean isGreen(); } }
                interface Licence { LocalDate expires(); }
                interface Alerts { void raise(String check, String why); void resolve(String check); }

                HikariDataSource dataSource;
                HikariDataSource replica;
                RedisClient redisClient;
                LettuceConnectionFactory connectionFactory;
                Queue<String> queue;
                Executor eventLoop;
                Executor pool;
                Flyway flyway;
                SearchClient client;
                Licence licence;
                Licences licences;
                Rates rates;
                Object handler;
                ServletContextHandler context;
                ServletContext servletContext;
                Server server;
                Tomcat tomcat;
                HealthCheckRegistry health;
                HealthMetrics metrics;
                MeterRegistry meters;
                HealthCheck check;
                HealthCheck cacheCheck;
                HealthCheck diskCheck;
                HealthCheck migrationCheck;
                Alerts alerts;
                Socket socket;
                String token;
                Map<String, String> headers;

                HikariDataSource dataSource() { return dataSource; }
                abstract void send(int status, Map<String, String> headers, int contentLength, byte[] body);

            %s
            }
            """;

    private static final String METHOD = "void snippet() throws Exception {\n%s\n}";

    @TempDir
    private Path output;

    @ParameterizedTest
    @MethodSource("dev.healthcheck.published.MarkdownPage#forUsers")
    void the_snippets_of_a_page_compile(MarkdownPage page) throws IOException {
        for (String snippet : page.snippets("java")) {
            assertThat(complaintsAbout(snippet)).as(snippet).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_examples_of_the_Javadoc_compile(Library library) throws IOException {
        assertThat(examplesOf(library)).isNotEmpty().allSatisfy(example -> assertThat(complaintsAbout(example))
                .isEmpty());
    }

    @Test
    void a_snippet_that_does_not_compile_is_found_out() throws IOException {
        assertThat(complaintsAbout("health.noSuchMethod();")).contains("noSuchMethod");
        assertThat(complaintsAbout("public class A extends NoSuchClass {}")).contains("NoSuchClass");
        assertThat(complaintsAbout("import java.util.NoSuchClass;\n\npublic class A {}"))
                .contains("NoSuchClass");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "docs/checks.md",
                "docs/hosts.md",
                "docs/jdbc.md",
                "docs/metrics.md",
                "docs/operations.md",
                "docs/redis.md",
                "docs/testing.md"
            })
    void a_page_has_snippets(String page) throws IOException {
        assertThat(MarkdownPage.of(page).snippets("java")).hasSizeGreaterThan(2);
    }

    private static List<String> examplesOf(Library library) throws IOException {
        List<String> examples = new ArrayList<>();
        for (Path source : library.sources()) {
            EXAMPLE.matcher(Files.readString(source))
                    .results()
                    .map(example -> example.group(1).replaceAll("(?m)^ *\\* ?", ""))
                    .forEach(examples::add);
        }
        return examples;
    }

    private String complaintsAbout(String snippet) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        List<String> options = List.of(
                "-Xlint:none",
                "-proc:none",
                "-d",
                output.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--release",
                "17");
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            compiler.getTask(complaints, files, null, options, null, List.of(sourceOf(snippet)))
                    .call();
        }
        return complaints.toString();
    }

    /** A snippet is a file with its imports, a class, or statements. */
    private static Source sourceOf(String snippet) {
        if (snippet.startsWith("import ")) {
            Matcher type = CLASS.matcher(snippet);
            return new Source(type.find() ? type.group(1) : "Snippet", snippet);
        }
        String member = snippet.startsWith("public ") ? snippet : METHOD.formatted(snippet);
        return new Source("Snippet", AROUND.formatted(member));
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
