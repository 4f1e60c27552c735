package dev.healthcheck;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/architecture.md} and the code agree. Every number that a comment cites is a rule of the page, the page names
 * for each promise exactly the tests and races that cite it, and every class that it names exists.
 */
class RulesTest {
    private static final String PAGE = "docs/architecture.md";

    @Test
    void the_page_and_the_code_agree() throws IOException {
        Path root = root();
        Code code = Code.below(root);

        assertThat(code.citations).as("what is cited").hasSizeGreaterThan(100);
        assertThat(faults(Files.readString(root.resolve(PAGE)), code)).isEmpty();
    }

    @Test
    void a_number_that_the_page_does_not_have_is_found() {
        Code code = new Code().with("LogTest", true, "R1a, R2b", "");

        assertThat(faults(promise("R1a", "LogTest"), code)).containsExactly("LogTest cites R2b, which is no rule");
    }

    @Test
    void a_promise_that_no_test_cites_is_found() {
        Code code = new Code().with("LogTest", true, "", "");

        assertThat(faults("| R1a | It runs. | |", code)).containsExactly("R1a names no test and no race");
        assertThat(faults(promise("R1a", "LogTest"), code))
                .containsExactly("R1a names LogTest, which does not cite it");
    }

    @Test
    void a_test_that_the_page_does_not_name_for_its_promise_is_found() {
        Code code = new Code().with("LogTest", true, "R1a", "").with("RunTest", true, "R1a", "");

        assertThat(faults(promise("R1a", "LogTest"), code))
                .containsExactly("R1a does not name RunTest, which cites it");
    }

    @Test
    void a_promise_that_stands_twice_is_found() {
        Code code = new Code().with("LogTest", true, "R1a", "");
        String twice = promise("R1a", "LogTest") + "\n" + promise("R1a", "LogTest");

        assertThat(faults(twice, code)).containsExactly("R1a stands twice");
    }

    @Test
    void a_class_or_a_member_that_does_not_exist_is_found() {
        Code code = new Code().with("Run", false, "", "void end() {}");

        assertThat(faults("`Run`, `Run.end()`, `Thread.interrupt`, `UP` and `HikariCP`\n```\nRun -> Thread\n```", code))
                .containsExactly("HikariCP does not exist");
        assertThat(faults("`Run.begin`\n```\nRun -> HealthReport\n```", code))
                .containsExactly("Run.begin does not exist", "HealthReport does not exist");
    }

    @Test
    void main_code_may_cite_a_rule_and_holds_no_promise() {
        Code code = new Code().with("Run", false, "R1, R2", "").with("LogTest", true, "R1a", "");

        assertThat(faults("### R1 Parallel\n" + promise("R1a", "LogTest"), code))
                .containsExactly("Run cites R2, which is no rule");
    }

    @Test
    void only_comments_cite() {
        String trailing = "@Test %s R1c".formatted("//");
        List<String> source = List.of("/** R1a. */", " * R1b", trailing, "String r2 = \"R2a\";");

        assertThat(Code.comments(source)).contains("R1a", "R1b", "R1c").doesNotContain("R2a");
    }

    private static String promise(String number, String test) {
        return "| " + number + " | It runs. | `" + test + "` |";
    }

    private static List<String> faults(String page, Code code) {
        List<String> faults = new ArrayList<>();
        Map<String, Set<String>> promises = new TreeMap<>();
        for (MatchResult line : matches("(?m)^\\| ([A-Z]\\d+[a-z]?) \\| .*? \\|(.*)\\|$", page)) {
            if (promises.put(line.group(1), names("`(\\w+)`", line.group(2))) != null) {
                faults.add(line.group(1) + " stands twice");
            }
        }
        Set<String> rules = names("(?m)^### ([A-Z]\\d+) ", page);
        rules.addAll(promises.keySet());
        code.citations.forEach((number, classes) -> {
            if (!rules.contains(number)) {
                faults.add(String.join(", ", classes) + " cites " + number + ", which is no rule");
            }
        });
        promises.forEach((number, named) -> {
            Set<String> citing = code.proofsOf(number);
            if (named.isEmpty()) {
                faults.add(number + " names no test and no race");
            }
            without(named, citing).forEach(one -> faults.add(number + " names " + one + ", which does not cite it"));
            without(citing, named).forEach(one -> faults.add(number + " does not name " + one + ", which cites it"));
        });
        for (MatchResult name : matches("`([A-Z]\\w*[a-z]\\w*)(?:\\.([a-z]\\w*))?[^`\n]*`", page)) {
            if (!code.has(name.group(1), name.group(2))) {
                faults.add(name.group(1) + (name.group(2) == null ? "" : "." + name.group(2)) + " does not exist");
            }
        }
        for (MatchResult diagram : matches("(?ms)^```\n(.*?)^```", page)) {
            names("\\b([A-Z][a-z]+(?:[A-Z][a-z]+)+)\\b", diagram.group(1)).stream()
                    .filter(name -> !code.has(name, null))
                    .forEach(name -> faults.add(name + " does not exist"));
        }
        return faults;
    }

    private static Set<String> without(Set<String> names, Set<String> others) {
        return names.stream().filter(name -> !others.contains(name)).collect(toCollection(TreeSet::new));
    }

    private static List<MatchResult> matches(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().toList();
    }

    private static Set<String> names(String pattern, String text) {
        return matches(pattern, text).stream().map(match -> match.group(1)).collect(toCollection(TreeSet::new));
    }

    /** Of the sources of all modules; the tests of a module run in its folder, or in that of all. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Stream.iterate(here, folder -> folder != null, Path::getParent)
                .filter(folder -> Files.exists(folder.resolve(PAGE)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(PAGE + " is neither in " + here + " nor above it"));
    }

    /** The Java sources, by the names of their classes. */
    private static final class Code {
        /** Which classes cite a number. */
        final Map<String, Set<String>> citations = new TreeMap<>();

        private final Map<String, String> sources = new HashMap<>();
        private final Set<String> proofs = new TreeSet<>();

        static Code below(Path root) throws IOException {
            Code code = new Code();
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    String name = folder.getFileName().toString();
                    boolean ofNoInterest = !folder.equals(root) && (name.equals("target") || name.startsWith("."));
                    return ofNoInterest ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".java")) {
                        String path = root.relativize(file).toString().replace('\\', '/');
                        List<String> lines = Files.readAllLines(file);
                        code.with(
                                name.substring(0, name.length() - ".java".length()),
                                path.contains("/src/test/") || path.contains("/src/races/"),
                                comments(lines),
                                String.join("\n", lines));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
            return code;
        }

        Code with(String name, boolean isProof, String comments, String source) {
            sources.merge(name, source, String::concat);
            names("\\b(?:class|record|interface|enum) ([A-Z]\\w+)", source)
                    .forEach(nested -> sources.putIfAbsent(nested, source));
            if (isProof) {
                proofs.add(name);
            }
            names("\\b([CEJKLOR]\\d{1,2}[a-z]?)\\b", comments).forEach(number -> citations
                    .computeIfAbsent(number, any -> new TreeSet<>())
                    .add(name));
            return this;
        }

        static String comments(List<String> source) {
            StringBuilder comments = new StringBuilder();
            for (String line : source) {
                String text = line.strip();
                int comment = text.startsWith("*") || text.startsWith("/*") ? 0 : text.indexOf("//");
                comments.append(comment < 0 ? "" : text.substring(comment)).append('\n');
            }
            return comments.toString();
        }

        Set<String> proofsOf(String number) {
            return citations.getOrDefault(number, Set.of()).stream()
                    .filter(proofs::contains)
                    .collect(toCollection(TreeSet::new));
        }

        boolean has(String name, String member) {
            String source = sources.get(name);
            return source == null
                    ? isOfTheJdk(name)
                    : member == null
                            || Pattern.compile("\\b" + member + "\\(")
                                    .matcher(source)
                                    .find();
        }

        private static boolean isOfTheJdk(String name) {
            return Stream.of("java.lang.", "java.util.", "java.util.concurrent.", "java.time.")
                    .anyMatch(place -> exists(place + name));
        }

        private static boolean exists(String name) {
            try {
                Class.forName(name, false, RulesTest.class.getClassLoader());
                return true;
            } catch (ClassNotFoundException e) {
                return false;
            }
        }
    }
}
