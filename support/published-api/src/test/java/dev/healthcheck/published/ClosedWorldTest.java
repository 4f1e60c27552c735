package dev.healthcheck.published;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever closes the world, as GraalVM's native-image does, has to be told of what is found by name at run time. */
class ClosedWorldTest {
    private static final Pattern BY_NAME = pattern(
            "java\\.lang\\.reflect\\..*",
            "java\\.lang\\.Class\\.(?!(getName|getSimpleName|getClassLoader|isAssignableFrom|isInstance|cast|desiredAssertionStatus|hashCode)$).*",
            "java\\.lang\\.(ClassLoader|Module|ModuleLayer|Package|StackWalker)\\..*",
            "java\\.lang\\.Thread\\.[gs]etContextClassLoader",
            "java\\.lang\\.(Runtime|System)\\.(load|loadLibrary)",
            "java\\.lang\\.invoke\\.(?!LambdaMetafactory\\.metafactory$).*",
            "java\\.lang\\.management\\.ManagementFactory\\..*",
            "java\\.util\\.(ServiceLoader|ResourceBundle)\\..*",
            "java\\.util\\.concurrent\\.atomic\\.Atomic.*FieldUpdater\\..*",
            "java\\.io\\.Object(In|Out)putStream.*",
            "java\\.(beans|rmi)\\..*",
            "javax\\.(management|naming|script)\\..*",
            "(jdk\\.internal|sun)\\..*",
            ".*\\.getInstance");
    private static final Pattern SERIALISATION =
            pattern("(read|write)Object", "readObjectNoData", "readResolve", "writeReplace", "serialVersionUID");
    private static final Pattern QUOTED = Pattern.compile("\"pattern\": *\"\\\\\\\\Q(.*)\\\\\\\\E\"");

    @Test
    void what_is_found_by_name_is_known_with_its_reason() throws Exception {
        List<String> found = new ArrayList<>();
        for (Library library : Library.values()) {
            addUses(library, found);
        }

        assertThat(found).containsExactlyInAnyOrderElementsOf(allowed());
    }

    private static void addUses(Library library, List<String> found) throws IOException, URISyntaxException {
        for (Map.Entry<String, byte[]> file : library.files().entrySet()) {
            if (file.getKey().endsWith(".class")) {
                String name = file.getKey().replace('/', '.').replaceFirst("\\.class$", "");
                uses(new Constants(file.getValue()))
                        .map(use -> name + " " + use)
                        .forEach(found::add);
            }
        }
    }

    private static Stream<String> uses(Constants constants) {
        return Stream.concat(
                constants.members().stream().filter(BY_NAME.asMatchPredicate()),
                constants.texts().stream().filter(SERIALISATION.asMatchPredicate()));
    }

    private static List<String> allowed() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("src/test/resources/closed-world.txt"))) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_resource_that_is_read_is_named_to_native_image(Library library) throws Exception {
        Map<String, byte[]> files = library.files();
        String config = "META-INF/native-image/dev.healthcheck/" + library + "/resource-config.json";

        assertThat(resourcesNamed(new String(files.getOrDefault(config, new byte[0]), UTF_8)))
                .containsExactlyInAnyOrderElementsOf(resourcesRead(files));
    }

    private static List<String> resourcesNamed(String config) {
        return QUOTED.matcher(config).results().map(found -> found.group(1)).toList();
    }

    private static List<String> resourcesRead(Map<String, byte[]> files) throws IOException {
        Set<String> texts = new TreeSet<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getKey().endsWith(".class")) {
                texts.addAll(new Constants(file.getValue()).texts());
            }
        }
        return files.keySet().stream()
                .filter(file -> texts.contains(file.substring(file.lastIndexOf('/') + 1)))
                .toList();
    }

    private static Pattern pattern(String... alternatives) {
        return Pattern.compile(Stream.of(alternatives).collect(joining("|")));
    }
}
