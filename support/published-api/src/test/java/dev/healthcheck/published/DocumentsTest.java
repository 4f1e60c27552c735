package dev.healthcheck.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README and the pages behind it tell people to copy compiles. */
class DocumentsTest {
    private static final Pattern SNIPPET = Pattern.compile("^```java\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    private static final List<String> DOCUMENTS = List.of("README.md", "docs/hosts.md", "docs/testing.md");

    /** What a reader has around the snippets. */
    private static final String AROUND = """
            import static java.time.Duration.*;
            import static java.time.LocalDate.now;
            import static java.time.temporal.ChronoUnit.DAYS;
            import static org.assertj.core.api.Assertions.assertThat;

            import com.zaxxer.hikari.HikariDataSource;
            import dev.healthcheck.*;
            import dev.healthcheck.checks.*;
            import dev.healthcheck.jdbc.*;
            import dev.healthcheck.redis.*;
            import dev.healthcheck.servlet.*;
            import dev.healthcheck.testkit.*;
            import io.lettuce.core.RedisClient;
            import jakarta.servlet.*;
            import java.net.URI;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.time.LocalDate;
            import java.util.Queue;
            import java.util.concurrent.CompletionStage;
            import java.util.concurrent.Executor;
            import org.apache.catalina.connector.Connector;
            import org.apache.catalina.startup.Tomcat;
            import org.eclipse.jetty.ee10.servlet.*;
            import org.eclipse.jetty.server.*;
            import org.eclipse.jetty.util.thread.QueuedThreadPool;

            abstract class Snippet {
                interface Flyway { int pending(); }
                interface SearchClient { CompletionStage<CheckResult> pingAsync(); }
                interface Licence { LocalDate expires(); }
                interface Pager { void send(String text); }

                HikariDataSource dataSource;
                RedisClient redisClient;
                Queue<String> queue;
                Executor eventLoop;
                Flyway flyway;
                SearchClient client;
                Licence licence;
                Pager pager;
                ServletContextHandler context;
                Server server;
                Tomcat tomcat;
                HealthCheckRegistry health;
                HealthCheck check;

                HikariDataSource dataSource() { return dataSource; }

            %s
            }
            """;

    private static final String METHOD = "void snippet() throws Exception {\n%s\n}";

    @TempDir
    private Path output;

    @ParameterizedTest
    @MethodSource("snippets")
    void a_snippet_compiles(String snippet) throws IOException {
        assertThat(complaintsAbout(snippet)).isEmpty();
    }

    @Test
    void a_snippet_that_does_not_compile_is_found_out() throws IOException {
        assertThat(complaintsAbout("health.noSuchMethod();")).contains("noSuchMethod");
        assertThat(complaintsAbout("public class A extends NoSuchClass {}")).contains("NoSuchClass");
    }

    @Test
    void the_readme_has_snippets() throws IOException {
        assertThat(snippetsOf("README.md")).hasSizeGreaterThan(4);
    }

    @ParameterizedTest
    @FieldSource("DOCUMENTS")
    void a_document_has_snippets(String document) throws IOException {
        assertThat(snippetsOf(document)).hasSizeGreaterThan(2);
    }

    static List<String> snippets() throws IOException {
        List<String> all = new ArrayList<>();
        for (String document : DOCUMENTS) {
            all.addAll(snippetsOf(document));
        }
        return all;
    }

    private static List<String> snippetsOf(String document) throws IOException {
        String text = Files.readString(Library.ROOT.resolve(document));
        return SNIPPET.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private String complaintsAbout(String snippet) throws IOException {
        String member = snippet.startsWith("public ") ? snippet : METHOD.formatted(snippet);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        List<String> options = List.of(
                "-proc:none", "-d", output.toString(), "-cp", System.getProperty("java.class.path"), "--release", "17");
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            compiler.getTask(complaints, files, null, options, null, List.of(new Source(AROUND.formatted(member))))
                    .call();
        }
        return complaints.toString();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
