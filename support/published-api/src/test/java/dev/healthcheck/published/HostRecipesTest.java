package dev.healthcheck.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The recipes of the pages are code that tests run. */
class HostRecipesTest {
    private static final List<String> SOURCES = List.of(
            "support/bridges/src/test",
            "support/http-hosts/src/test",
            "support/published-api/src/test/java",
            "examples/spring-boot-3/src/test/java",
            "healthcheck-grpc/src/test/java");
    private static final List<String> PAGES =
            List.of("docs/bridges.md", "docs/checks.md", "docs/hosts.md", "docs/operations.md");
    private static final Pattern PART =
            Pattern.compile("^ *// recipe\n(.*?)\n *// end of recipe$", Pattern.MULTILINE | Pattern.DOTALL);

    @Test
    void each_recipe_of_the_pages_is_code_that_runs_and_none_is_missing() throws IOException {
        List<String> snippets = new ArrayList<>();
        for (String page : PAGES) {
            snippets.addAll(MarkdownPage.of(page).snippets("java recipe"));
        }

        assertThat(snippets).hasSize(20).containsExactlyInAnyOrderElementsOf(recipes());
    }

    private static List<String> recipes() throws IOException {
        List<String> recipes = new ArrayList<>();
        for (String sources : SOURCES) {
            try (Stream<Path> files = Files.walk(Library.ROOT.resolve(sources))) {
                files.filter(Files::isRegularFile)
                        .map(HostRecipesTest::recipe)
                        .filter(recipe -> !recipe.isEmpty())
                        .forEach(recipes::add);
            }
        }
        return recipes;
    }

    /** Returns the parts of a file that are marked, without the indentation of each; empty if there are none. */
    private static String recipe(Path source) {
        try {
            return PART.matcher(Files.readString(source))
                    .results()
                    .map(part -> part.group(1).stripIndent() + "\n")
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
