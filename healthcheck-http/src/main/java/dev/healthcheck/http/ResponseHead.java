package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Encodes the status line and the headers of an answer. Thread-safe. */
final class ResponseHead {
    /** The server alone sets these: a second value would break the framing. */
    private static final Set<String> OWN = namesOf("Connection", "Content-Length", "Date", "Transfer-Encoding");

    private final ForeignCode headers =
            new ForeignCode("headers", "an answer misses a header whose name or value HTTP does not allow");

    /**
     * Returns the bytes of a head.
     *
     * @param connection the value of {@code Connection}; empty for none
     */
    byte[] of(HealthResponse response, String date, String connection) {
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ").append(response.status()).append(' ').append(phrase(response.status()));
        add(head, "Date", date);
        for (Map.Entry<String, String> header : response.headers().entrySet()) {
            addChecked(head, header.getKey(), header.getValue());
        }
        add(head, "Content-Length", String.valueOf(response.contentLength()));
        if (!connection.isEmpty()) {
            add(head, "Connection", connection);
        }
        return head.append("\r\n\r\n").toString().getBytes(ISO_8859_1);
    }

    /** Leaves out what could end the line or the head: users' functions make headers, perhaps of untrusted text. */
    private void addChecked(StringBuilder head, String name, String value) {
        if (OWN.contains(name)) {
            return;
        }
        if (HeaderLines.isToken(name) && value.chars().allMatch(ResponseHead::isAllowed)) {
            add(head, name, value);
        } else {
            headers.threw(new IllegalArgumentException("header: not a name and a value of HTTP"));
        }
    }

    private static void add(StringBuilder head, String name, String value) {
        head.append("\r\n").append(name).append(": ").append(value);
    }

    private static boolean isAllowed(int c) {
        return (c >= ' ' && c < 0x7f) || c == '\t';
    }

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 431 -> "Request Header Fields Too Large";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            default -> "";
        };
    }

    private static Set<String> namesOf(String... names) {
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(Set.of(names));
        return all;
    }
}
