package dev.healthcheck.published;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages for users say what the promises say. A sentence that changes, or a promise that is removed, makes its claim
 * in {@code claims.txt} fail, so that both are read again.
 */
class ClaimsTest {
    private static final Path CLAIMS = Path.of("src/test/resources/claims.txt");
    private static final Pattern COLUMN = Pattern.compile(" (?<!\\\\)\\| ");
    private static final Pattern PROMISE = Pattern.compile("^\\| ([A-Z]\\d+[a-z]?) \\| (.*?) \\|", Pattern.MULTILINE);
    private static final Pattern NUMBER = Pattern.compile("\\b\\d[\\d,.]* (?:ms|s|min|characters|runs|changes)\\b");

    @ParameterizedTest
    @MethodSource("claims")
    void the_page_says_so(Claim claim) throws IOException {
        assertThat(onOneLine(MarkdownPage.of(claim.page).text())).contains(claim.sentence);
    }

    @ParameterizedTest
    @MethodSource("claims")
    void the_promises_have_the_numbers_of_the_claim(Claim claim) throws IOException {
        assertThat(missing(claim)).isEmpty();
    }

    @Test
    void another_number_and_another_promise_are_found_out() throws IOException {
        assertThat(missing(new Claim("README.md", "waits 800 ms, then 950 ms", List.of("R2c"))))
                .containsExactly("950 ms");
        assertThat(promises()).doesNotContainKey("R99a").hasSizeGreaterThan(100);
    }

    private static List<String> missing(Claim claim) throws IOException {
        Map<String, String> promises = promises();
        assertThat(claim.promises).isNotEmpty().allSatisfy(number -> assertThat(promises)
                .containsKey(number));
        String promised = claim.promises.stream().map(promises::get).collect(joining(" "));
        return NUMBER.matcher(claim.sentence)
                .results()
                .map(found -> found.group())
                .filter(number -> !Pattern.compile("\\b" + Pattern.quote(number) + "\\b")
                        .matcher(promised)
                        .find())
                .toList();
    }

    static List<Claim> claims() throws IOException {
        return Files.readAllLines(CLAIMS).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Claim::parse)
                .toList();
    }

    private static Map<String, String> promises() throws IOException {
        return PROMISE.matcher(MarkdownPage.of("docs/architecture.md").text())
                .results()
                .collect(toUnmodifiableMap(found -> found.group(1), found -> found.group(2)));
    }

    private static String onOneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }

    /** A sentence of a page, or a part of one, and the numbers of the promises on which it rests. */
    record Claim(String page, String sentence, List<String> promises) {
        static Claim parse(String line) {
            String[] columns = COLUMN.split(line);
            assertThat(columns).as(line).hasSize(3);
            return new Claim(columns[0], columns[1].replace("\\|", "|"), List.of(columns[2].split(" ")));
        }
    }
}
