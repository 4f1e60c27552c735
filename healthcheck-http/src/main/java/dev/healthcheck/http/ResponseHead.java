package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Encodes the status line and the headers of an answer. */
final class ResponseHead {
    private ResponseHead() {}

    /**
     * Returns the bytes of a head.
     *
     * @param connection the value of {@code Connection}; empty for none
     */
    static byte[] of(HealthResponse response, String date, String connection) {
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ").append(response.status()).append(' ').append(phrase(response.status()));
        add(head, "Date", date);
        response.headers().forEach((name, value) -> add(head, name, value));
        add(head, "Content-Length", String.valueOf(response.contentLength()));
        if (!connection.isEmpty()) {
            add(head, "Connection", connection);
        }
        return head.append("\r\n\r\n").toString().getBytes(ISO_8859_1);
    }

    private static void add(StringBuilder head, String name, String value) {
        head.append("\r\n").append(name).append(": ").append(value);
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
}
