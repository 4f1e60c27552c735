package dev.healthcheck.published;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links between documents lead somewhere. Those that leave the repository are not followed. */
class LinksTest {
    @ParameterizedTest
    @MethodSource("dev.healthcheck.published.MarkdownPage#all")
    void links_resolve(MarkdownPage page) {
        assertThat(broken(page)).isEmpty();
    }

    @Test
    void a_broken_link_is_found_out() {
        String text = "[a](README.md) [b](nowhere.md) [c](README.md#nowhere) [d](#here) [e](#there)\n# Here";
        MarkdownPage page = new MarkdownPage(Library.ROOT.resolve("page.md"), text);

        assertThat(broken(page)).containsExactly("nowhere.md", "README.md#nowhere", "#there");
    }

    @Test
    void every_page_of_the_docs_can_be_reached_from_the_readme() throws IOException {
        Set<String> expected = MarkdownPage.all().stream()
                .map(MarkdownPage::toString)
                .filter(path -> path.startsWith("docs/"))
                .collect(toCollection(TreeSet::new));

        assertThat(expected).isNotEmpty();
        assertThat(reachableFrom("README.md")).containsAll(expected);
    }

    private static Set<String> reachableFrom(String start) throws IOException {
        Map<Path, MarkdownPage> pages = MarkdownPage.all().stream().collect(toMap(MarkdownPage::path, page -> page));
        Deque<MarkdownPage> open = new ArrayDeque<>(List.of(MarkdownPage.of(start)));
        Set<String> reached = new TreeSet<>();
        while (!open.isEmpty()) {
            MarkdownPage page = open.remove();
            if (reached.add(page.toString())) {
                local(page)
                        .map(link -> pages.get(target(page, link)))
                        .filter(found -> found != null)
                        .forEach(open::add);
            }
        }
        return reached;
    }

    private static List<String> broken(MarkdownPage page) {
        return local(page).filter(link -> !resolves(page, link)).toList();
    }

    private static Stream<String> local(MarkdownPage page) {
        return page.links().stream().filter(link -> !link.contains(":"));
    }

    private static boolean resolves(MarkdownPage page, String link) {
        Path target = target(page, link);
        String anchor = anchorOf(link);
        return anchor == null ? Files.exists(target) : anchorsOf(page, target).contains(anchor);
    }

    private static Set<String> anchorsOf(MarkdownPage page, Path target) {
        if (target.equals(page.path())) {
            return page.anchors();
        }
        try {
            return new MarkdownPage(target, Files.readString(target)).anchors();
        } catch (IOException e) {
            return Set.of(); // no such page
        }
    }

    private static Path target(MarkdownPage page, String link) {
        String file = link.replaceFirst("#.*", "");
        return file.isEmpty() ? page.path() : page.path().resolveSibling(file).normalize();
    }

    private static @Nullable String anchorOf(String link) {
        int hash = link.indexOf('#');
        return hash < 0 ? null : link.substring(hash + 1);
    }
}
