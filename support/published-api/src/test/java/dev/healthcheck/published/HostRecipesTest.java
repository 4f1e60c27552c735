package dev.healthcheck.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The recipes of docs/hosts.md are the code that support/http-hosts runs. */
class HostRecipesTest {
    private static final Path SOURCES = Library.ROOT.resolve("support/http-hosts/src/test");
    private static final Pattern PART =
            Pattern.compile("^ *// recipe\n(.*?)\n *// end of recipe$", Pattern.MULTILINE | Pattern.DOTALL);

    @Test
    void each_recipe_of_the_page_is_code_that_runs_and_none_is_missing() throws IOException {
        List<String> snippets = MarkdownPage.of("docs/hosts.md").snippets("java recipe");

        assertThat(snippets).hasSize(7).containsExactlyInAnyOrderElementsOf(recipes());
    }

    private static List<String> recipes() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(Files::isRegularFile)
                    .map(HostRecipesTest::recipe)
                    .filter(recipe -> !recipe.isEmpty())
                    .toList();
        }
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
