package dev.healthcheck.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Passes on those headers of a function of the user that cannot break an answer. The function may make them of untrusted
 * text. Some servers write a value with a line break as it is, others then send no answer at all. Thread-safe.
 */
final class ForeignHeaders {
    /** The server alone sets these: a second value would break the framing. */
    private static final Set<String> OF_THE_SERVER =
            namesOf("Connection", "Content-Length", "Date", "Transfer-Encoding");
    /** Of names and values together. Servers have room for about 8,000 characters of headers. */
    private static final int MOST_CHARACTERS = 3_000;

    private final ForeignCode function;

    /**
     * Names the function.
     *
     * @param name as in the log
     */
    ForeignHeaders(String name) {
        function = new ForeignCode(name, "answers miss a header");
    }

    /**
     * Returns {@code usual} and {@code added} together. A header that is in both has the value of {@code added}.
     *
     * @param added finds names in any case, as the map of {@link #allowed} does
     */
    static Map<String, String> merged(Map<String, String> usual, Map<String, String> added) {
        if (added.isEmpty()) {
            return usual;
        }
        Map<String, String> all = new LinkedHashMap<>(usual);
        all.keySet().removeIf(added::containsKey);
        all.putAll(added);
        return Collections.unmodifiableMap(all);
    }

    /** Returns the headers that are allowed, in a map that finds names in any case. */
    Map<String, String> allowed(Map<String, String> headers) {
        Map<String, String> allowed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int left = MOST_CHARACTERS;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String name = header.getKey();
            String value = header.getValue();
            String complaint = complaint(name, value, left);
            if (complaint == null) {
                allowed.put(name, value);
                left -= length(name, value);
            } else {
                function.threw(new IllegalArgumentException(complaint));
            }
        }
        return Collections.unmodifiableMap(allowed);
    }

    /** Returns null for a header that is allowed. Quotes nothing that could forge a line of the log. */
    private static @Nullable String complaint(@Nullable String name, @Nullable String value, int left) {
        if (name == null || !HeaderSyntax.isToken(name)) {
            return "header: a name that HTTP does not allow (expected: letters, digits and hyphens)";
        }
        if (OF_THE_SERVER.contains(name)) {
            return "header: " + name + " (expected: none of " + OF_THE_SERVER + ", which the server sets)";
        }
        if (value == null || !HeaderSyntax.isValue(value)) {
            return name + ": a value that HTTP does not allow (expected: printable ASCII)";
        }
        return length(name, value) > left
                ? name + ": too long (expected: at most " + MOST_CHARACTERS + " characters in all headers)"
                : null;
    }

    private static int length(String name, String value) {
        return name.length() + value.length();
    }

    private static Set<String> namesOf(String... names) {
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(Set.of(names));
        return Collections.unmodifiableSet(all);
    }
}
