package dev.healthcheck.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The names in strings, resources and the module descriptor are those of {@code javax.servlet}, too. */
@Tag("container")
class JavaxTest {
    private static final Path CLASSES = Path.of("target/classes");

    @Test
    void nothing_speaks_of_jakarta() throws Exception {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).contains(CLASSES.resolve("dev/healthcheck/servlet/HealthServlet.class"));
            for (Path file : all) {
                assertThat(Files.readString(file, ISO_8859_1)).as("%s", file).doesNotContain("jakarta");
            }
        }
    }

    @Test
    void the_module_requires_the_stable_name_of_the_api() throws Exception {
        try (InputStream in = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
            assertThat(ModuleDescriptor.read(in).requires())
                    .extracting(Requires::name)
                    .contains("java.servlet")
                    .doesNotContain("jakarta.servlet", "javax.servlet");
        }
    }
}
