package dev.healthcheck.published;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A page of the documentation. Immutable. */
record MarkdownPage(Path path, String text) {
    private static final Pattern FENCE =
            Pattern.compile("^```([a-z ]*)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern INLINE_CODE = Pattern.compile("`[^`]*`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules");

    /** Returns every page of the repository. */
    static List<MarkdownPage> all() throws IOException {
        List<MarkdownPage> pages = new ArrayList<>();
        Files.walkFileTree(Library.ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.toString().endsWith(".md")) {
                    pages.add(read(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return pages;
    }

    /** Returns the README and the pages of the docs, whose Java is to be copied. */
    static List<MarkdownPage> forUsers() throws IOException {
        return all().stream()
                .filter(page -> page.toString().matches("README\\.md|docs/.*"))
                .toList();
    }

    static MarkdownPage of(String path) throws IOException {
        return read(Library.ROOT.resolve(path));
    }

    private static MarkdownPage read(Path file) throws IOException {
        return new MarkdownPage(file, Files.readString(file));
    }

    /** Returns the blocks of code in {@code language}; the empty one is that of commands, {@code java recipe} not Java. */
    List<String> snippets(String language) {
        return FENCE.matcher(text)
                .results()
                .filter(fence -> fence.group(1).equals(language))
                .map(fence -> fence.group(2))
                .toList();
    }

    /** Returns the targets of all links, as they are written. */
    List<String> links() {
        return groups(LINK, INLINE_CODE.matcher(prose()).replaceAll(""));
    }

    /** Returns what can follow a {@code #}: the headings, spelled as GitHub does. */
    Set<String> anchors() {
        return groups(HEADING, prose()).stream().map(MarkdownPage::anchor).collect(toUnmodifiableSet());
    }

    /** Returns the first cells of the table below {@code heading}. */
    List<String> firstCells(String heading) {
        int start = text.indexOf("\n" + heading + "\n");
        if (start < 0) {
            throw new IllegalArgumentException("heading: " + heading + " (expected: one of " + path + ")");
        }
        int end = text.indexOf("\n#", start + heading.length() + 1);
        String section = end < 0 ? text.substring(start) : text.substring(start, end);
        return groups(Pattern.compile("^\\| (`[^|]*) \\|", Pattern.MULTILINE), section);
    }

    private String prose() {
        return FENCE.matcher(text).replaceAll("");
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static List<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    @Override
    public String toString() {
        return Library.ROOT.relativize(path).toString();
    }
}
