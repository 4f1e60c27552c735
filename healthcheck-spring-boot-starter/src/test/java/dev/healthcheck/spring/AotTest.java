package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.context.aot.AbstractAotProcessor.Settings;

/** An application that Spring has processed ahead of time, as for a native image; here the JVM runs it. */
@Tag("slow")
class AotTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @TempDir
    private Path folder;

    @Test
    void an_application_that_is_processed_ahead_of_time_is_as_before() throws Exception {
        process();

        String hints = hints();
        assertThat(hints).contains(CheckSettings.class.getName());
        for (Class<?> bound : HealthcheckProperties.class.getDeclaredClasses()) {
            assertThat(hints).contains(bound.getName());
        }
        assertThat(run())
                .contains("whole: UP", "servlet: 200", "timeout of both.child: PT20S")
                .anyMatch(line -> line.startsWith("names: ") && line.contains("both.child") && line.contains("orders"));
    }

    private void process() throws Exception {
        Settings settings = Settings.builder()
                .sourceOutput(folder.resolve("sources"))
                .resourceOutput(folder.resolve("classes"))
                .classOutput(folder.resolve("classes"))
                .groupId("test")
                .artifactId("aot")
                .build();
        new SpringApplicationAotProcessor(AotApplication.class, settings, new String[0]).process();

        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none",
                "-nowarn",
                "-cp",
                CLASS_PATH,
                "-d",
                folder.resolve("classes").toString()));
        try (Stream<Path> sources = Files.walk(folder.resolve("sources"))) {
            sources.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }

    /** Returns what a native image would know of classes that are used by reflection. */
    private String hints() throws IOException {
        StringBuilder texts = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder.resolve("classes").resolve("META-INF/native-image"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.append(Files.readString(file));
            }
        }
        return texts.toString();
    }

    private List<String> run() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dspring.aot.enabled=true",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        folder.resolve("classes") + System.getProperty("path.separator") + CLASS_PATH,
                        AotApplication.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            List<String> lines = process.inputReader().lines().toList();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }
}
