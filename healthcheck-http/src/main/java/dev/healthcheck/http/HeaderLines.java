package dev.healthcheck.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header lines of a request, in their order. Names match in any case. Not thread-safe. */
final class HeaderLines {
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    /** Adds a line without its line break. A line that begins with a blank, which once continued another, is refused. */
    void add(String line) throws RefusedRequest {
        int colon = line.indexOf(':');
        RefusedRequest.unless(colon > 0 && HeaderSyntax.isToken(line.substring(0, colon)), "not a header");
        names.add(line.substring(0, colon));
        values.add(stripped(line, colon + 1));
    }

    /** Returns the values of all lines of that name, joined by commas; null if there is none. */
    @Nullable
    String get(String name) {
        String all = null;
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) {
                all = all == null ? values.get(i) : all + "," + values.get(i);
            }
        }
        return all;
    }

    /** Returns the value of the only line of that name; null if there is none. Refuses several. */
    @Nullable
    String single(String name) throws RefusedRequest {
        RefusedRequest.unless(names.stream().filter(name::equalsIgnoreCase).count() <= 1, "a header twice");
        return get(name);
    }

    /** Strips blanks and tabs only: other white space of Unicode is part of a value. */
    private static String stripped(String line, int from) {
        int begin = from;
        int end = line.length();
        while (begin < end && isBlank(line.charAt(begin))) {
            begin++;
        }
        while (end > begin && isBlank(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(begin, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
