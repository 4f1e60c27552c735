package dev.healthcheck.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Where answers end. */
final class Responses {
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(ISO_8859_1);
    private static final byte[] CHUNKED = "chunked\r\n".getBytes(ISO_8859_1);
    private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(ISO_8859_1);

    private Responses() {}

    /** Of head and body together; zero if that cannot be told from the first {@code count} bytes. */
    static int length(byte[] bytes, int count) {
        int head = indexOf(END_OF_HEAD, bytes, 0, count);
        if (head < 0) {
            return 0;
        }
        int header = indexOf(CONTENT_LENGTH, bytes, 0, head);
        if (header >= 0) {
            return head + END_OF_HEAD.length + number(bytes, header + CONTENT_LENGTH.length);
        }
        if (indexOf(CHUNKED, bytes, 0, head + 2) < 0) {
            throw new IllegalStateException("answer: of unknown length");
        }
        int last = indexOf(LAST_CHUNK, bytes, head, count);
        return last < 0 ? 0 : last + LAST_CHUNK.length;
    }

    private static int number(byte[] bytes, int start) {
        int number = 0;
        for (int i = start; bytes[i] != '\r'; i++) {
            if (bytes[i] != ' ') {
                number = 10 * number + bytes[i] - '0';
            }
        }
        return number;
    }

    private static int indexOf(byte[] lowerCase, byte[] bytes, int start, int end) {
        for (int i = start; i <= end - lowerCase.length; i++) {
            if (matches(lowerCase, bytes, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] lowerCase, byte[] bytes, int at) {
        for (int i = 0; i < lowerCase.length; i++) {
            int found = bytes[at + i];
            if (lowerCase[i] != (found >= 'A' && found <= 'Z' ? found + 32 : found)) {
                return false;
            }
        }
        return true;
    }
}
