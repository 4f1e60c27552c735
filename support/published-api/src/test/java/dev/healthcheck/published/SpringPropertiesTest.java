package dev.healthcheck.published;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The page about Spring Boot names every property of the starter with its default, and none that does not exist. */
class SpringPropertiesTest {
    private static final String CHECKS = "healthcheck.checks";
    private static final Pattern ROW =
            Pattern.compile("^\\| `(healthcheck\\.[^`]*)` \\| [^|]* \\| (?:`([^`]*)`)?[^|]* \\|$", Pattern.MULTILINE);

    @Test
    void every_property_has_a_row() throws Exception {
        assertThat(rows().keySet())
                .containsExactlyInAnyOrderElementsOf(defaults().keySet());
    }

    @Test
    void every_default_is_that_of_the_property() throws Exception {
        Map<String, String> defaults = defaults();
        defaults.values().removeIf(String::isEmpty); // said in words

        assertThat(defaults).isNotEmpty();
        assertThat(rows()).containsAllEntriesOf(defaults);
    }

    @Test
    void every_setting_of_a_check_has_a_row() throws Exception {
        Stream<String> settings = Stream.of(
                        Class.forName("dev.healthcheck.spring.CheckSettings").getRecordComponents())
                .map(RecordComponent::getName)
                .map(name ->
                        CHECKS + ".<name>." + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));

        assertThat(MarkdownPage.of("docs/spring-boot.md").firstCells("### Of one check").stream()
                        .map(cell -> cell.replace("`", "")))
                .containsExactlyInAnyOrderElementsOf(settings.toList());
    }

    /** The processor that writes them down copies tags of Javadoc as they are. */
    @Test
    void descriptions_of_properties_are_plain_text() throws Exception {
        assertThat(metadata())
                .extracting(property -> property.get("description"))
                .allSatisfy(
                        description -> assertThat(String.valueOf(description)).doesNotContain("{@", "<", "&"));
    }

    private static Map<String, String> rows() throws Exception {
        return ROW.matcher(MarkdownPage.of("docs/spring-boot.md").text())
                .results()
                .filter(row -> !row.group(1).startsWith(CHECKS))
                .collect(toMap(
                        row -> row.group(1),
                        row -> Objects.toString(row.group(2), ""),
                        (one, two) -> one,
                        TreeMap::new));
    }

    /** Returns the default of each property; empty if it depends on others. */
    private static Map<String, String> defaults() throws Exception {
        Map<String, String> defaults = new TreeMap<>();
        for (Map<String, Object> property : metadata()) {
            defaults.put(
                    String.valueOf(property.get("name")), String.valueOf(property.getOrDefault("defaultValue", "")));
        }
        defaults.remove(CHECKS);
        return defaults;
    }

    private static List<Map<String, Object>> metadata() throws Exception {
        byte[] metadata = Library.SPRING_BOOT_STARTER.files().entrySet().stream()
                .filter(file -> file.getKey().endsWith("META-INF/spring-configuration-metadata.json"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        String json = new String(metadata, UTF_8).replace("\\/", "/"); // YAML otherwise
        Map<String, List<Map<String, Object>>> read = new Yaml().load(json);
        return read.getOrDefault("properties", List.of());
    }
}
