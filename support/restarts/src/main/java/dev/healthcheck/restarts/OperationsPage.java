package dev.healthcheck.restarts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The configurations and the numbers of the documents. Immutable. */
final class OperationsPage {
    /** Jetty's stop timeout in the documents. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private static final String CALL = "awaitDrainSeen\\((\\d+), ofSeconds\\((\\d+)\\), ofSeconds\\((\\d+)\\)\\)";

    private final String text;

    private OperationsPage(String text) {
        this.text = text;
    }

    static OperationsPage read(Path file) throws IOException {
        return new OperationsPage(Files.readString(file));
    }

    /** Returns the configuration of {@code program}. */
    String configuration(Program program) {
        return find("```" + program.language() + "\n(.*?)```").group(1);
    }

    /** Returns the configuration of HAProxy with its default check. */
    String defaults() {
        String whole = configuration(Program.HAPROXY);
        String shorter = whole.replaceFirst("(?m)^ *default-server inter .*\n", "");
        if (shorter.equals(whole)) {
            throw new IllegalStateException("no settings of the check in the configuration of the documents");
        }
        return shorter;
    }

    /** Returns the numbers in the row of the table that begins with {@code cell}. */
    Drain drain(String cell) {
        MatchResult row = find("\\| " + Pattern.quote(cell) + " \\|[^\n]*" + CALL);
        return new Drain(Integer.parseInt(row.group(1)), seconds(row.group(2)), seconds(row.group(3)), STOP_TIMEOUT);
    }

    private static Duration seconds(String digits) {
        return Duration.ofSeconds(Long.parseLong(digits));
    }

    private MatchResult find(String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(text)
                .results()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("docs/operations.md has no " + pattern));
    }
}
