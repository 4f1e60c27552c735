package dev.healthcheck.examples.quickstart;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page about reasons explains each that there is, and none that there is not. */
class ReasonsTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern GIVEN = Pattern.compile("withReason\\(\\s*\"([a-z0-9-]+)\"");
    private static final Pattern LITERAL = Pattern.compile("\"([a-z0-9]+(?:-[a-z0-9]+)*)\"");
    private static final Pattern ROW = Pattern.compile("^\\| (`[^|]*) \\|", Pattern.MULTILINE);
    private static final Pattern ROW_AND_MEANING = Pattern.compile("^\\| (`[^|]*) \\| ([^|]*) \\|", Pattern.MULTILINE);
    private static final Pattern LINK_IN_BRACKETS = Pattern.compile(" \\(\\[[^]]*]\\([^)]*\\)\\)");
    private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");
    private static final Pattern JAVADOC_CODE = Pattern.compile("\\{@code ([a-z0-9-]+)}");
    private static final Pattern CODE = Pattern.compile("`([a-z0-9-]+)`");

    @Test
    void every_reason_that_is_given_is_explained() throws IOException {
        Set<String> given = new TreeSet<>();
        for (Path source : sources()) {
            given.addAll(all(GIVEN, codeOf(source)));
        }

        assertThat(given).contains("unreachable", "disk-full", "stuck");
        assertThat(explained()).containsAll(given);
    }

    @Test
    void every_reason_that_is_explained_is_in_the_code() throws IOException {
        Set<String> literals = new TreeSet<>();
        for (Path source : sources()) {
            literals.addAll(all(LITERAL, Files.readString(source)));
        }

        assertThat(literals).containsAll(explained());
    }

    @Test
    void the_link_of_an_alert_leads_to_the_row_of_its_reason() throws IOException {
        String page = page();

        assertThat(explained())
                .allSatisfy(reason -> assertThat(page).containsOnlyOnce("<a id=\"" + reason + "\"></a>"));
    }

    @Test
    void the_Javadoc_of_a_report_lists_the_reasons_that_the_registry_gives() throws IOException {
        assertThat(listedIn("CheckReport")).isEqualTo(explainedIn(section("Of any check")));
        assertThat(listedIn("HealthReport")).isEqualTo(explainedIn(section("Of the report as a whole")));
    }

    @Test
    void the_status_page_explains_the_reasons_of_checks_in_the_same_words() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String heading : List.of(
                "Of any check",
                "Databases",
                "Redis",
                "The process and its machine",
                "Other servers",
                "Spring Boot's indicators")) {
            Matcher rows = ROW_AND_MEANING.matcher(section(heading));
            while (rows.find()) {
                String subject = heading.equals("Of any check") ? "Any check" : heading;
                String meaning = plain(rows.group(2));
                all(CODE, rows.group(1)).forEach(code -> lines.add(code + "\t" + subject + "\t" + meaning));
            }
        }

        Path shown = ROOT.resolve("healthcheck-http/src/main/resources/dev/healthcheck/http/reasons.txt");
        assertThat(Files.readAllLines(shown)).isEqualTo(lines);
        assertThat(lines).hasSizeGreaterThan(50);
    }

    /** Returns a text of the document without its marks and links. */
    private static String plain(String markdown) {
        String text = LINK_IN_BRACKETS.matcher(markdown).replaceAll("");
        return LINK.matcher(text).replaceAll("$1").replace("`", "");
    }

    /** Returns the codes in the Javadoc of the method {@code reason()} of {@code type}. */
    private static Set<String> listedIn(String type) throws IOException {
        String source =
                Files.readString(ROOT.resolve("healthcheck-core/src/main/java/dev/healthcheck/" + type + ".java"));
        int end = source.indexOf(" String reason() {");
        String javadoc = source.substring(source.lastIndexOf("/**", end), end);
        return new TreeSet<>(all(JAVADOC_CODE, javadoc));
    }

    private static String section(String heading) throws IOException {
        String page = page();
        int start = page.indexOf("\n## " + heading + "\n");
        int end = page.indexOf("\n## ", start + 1);
        return end < 0 ? page.substring(start) : page.substring(start, end);
    }

    private static Set<String> explained() throws IOException {
        return explainedIn(page());
    }

    private static Set<String> explainedIn(String text) {
        return all(ROW, text).stream().flatMap(cell -> all(CODE, cell).stream()).collect(toCollection(TreeSet::new));
    }

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/reasons.md"));
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    /** Without Javadoc, whose examples are made up. */
    private static String codeOf(Path source) throws IOException {
        return Files.readAllLines(source).stream()
                .filter(line -> !line.strip().startsWith("*"))
                .collect(joining("\n"));
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : List.of("core", "jdbc", "redis", "servlet", "spring-boot-starter")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve("healthcheck-" + module + "/src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }
}
