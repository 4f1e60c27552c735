package dev.healthcheck.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the heads of HTTP/1 requests, one after the other, from the bytes of a connection. The bytes come in pieces of any
 * size. Does no I/O. Not thread-safe; of no use after it has refused a request.
 *
 * <p>It refuses what RFC 9112 forbids, and also what the RFC lets a server tolerate: two readers could understand it in
 * two ways. It does not read bodies.
 *
 * <p>Invariant: {@code size} counts the bytes of this head and never exceeds {@link #LIMIT}; {@code line} holds those
 * since the last line break and has no control character but tabs.
 */
final class RequestParser {
    /** In bytes, for the request line and all header lines with their line breaks. */
    static final int LIMIT = 8192;

    private static final char DELETE = 0x7f;

    private final StringBuilder line = new StringBuilder();
    private boolean afterCarriageReturn;
    private int size;
    private @Nullable RequestLine first;
    private HeaderLines headers = new HeaderLines();

    /**
     * Takes bytes up to the end of a head.
     *
     * @return the head; null if more bytes are needed
     */
    @Nullable
    RequestHead next(ByteBuffer bytes) throws RefusedRequest {
        while (bytes.hasRemaining()) {
            size++;
            if (size > LIMIT) {
                throw RefusedRequest.tooLarge();
            }
            RequestHead head = take((char) (bytes.get() & 0xff));
            if (head != null) {
                return head;
            }
        }
        return null;
    }

    /** Returns whether nothing of the next request has arrived. */
    boolean isBetweenRequests() {
        return size == 0;
    }

    private @Nullable RequestHead take(char c) throws RefusedRequest {
        if (afterCarriageReturn) {
            RefusedRequest.unless(c == '\n', "a carriage return without a line feed");
            afterCarriageReturn = false;
            return endLine();
        }
        if (c == '\r') {
            afterCarriageReturn = true;
        } else {
            RefusedRequest.unless((c >= ' ' && c != DELETE) || c == '\t', "a control character");
            line.append(c);
        }
        return null;
    }

    private @Nullable RequestHead endLine() throws RefusedRequest {
        String text = line.toString();
        line.setLength(0);
        if (first == null) {
            if (!text.isEmpty()) { // the RFC asks servers to skip empty lines before a request
                first = RequestLine.of(text);
            }
            return null;
        }
        if (!text.isEmpty()) {
            headers.add(text);
            return null;
        }
        return endHead(first);
    }

    private RequestHead endHead(RequestLine line) throws RefusedRequest {
        RequestHead head = RequestHead.of(line, headers);
        first = null;
        headers = new HeaderLines();
        size = 0;
        return head;
    }
}
