package dev.healthcheck.checks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to a {@link GetRequest}. Interim answers (1xx) are passed over. The answer is complete as soon as its
 * head says so by its status, its length or its last chunk, because servers may keep the connection open. A connection
 * that ends in the body, in whatever way, completes the answer as well.
 */
final class AnswerReader {
    /** A kubelet reads as much. */
    private static final int LONGEST_ANSWER = 10 * 1024;

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final int UNKNOWN = -1;
    /** As many digits of any base up to 16 fit into a long. */
    private static final int LONGEST_NUMBER = 15;

    private final InputStream in;
    private final StringBuilder body = new StringBuilder();
    /** The number of bytes that the reader still takes of the present answer. */
    private int left;

    private long contentLength;
    private boolean chunked;
    /** The exception that ended the connection; null if the server closed it properly. */
    private @Nullable IOException failure;

    private AnswerReader(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /**
     * Returns the answer, or 10 kB of it.
     *
     * @throws InvalidAnswerException if it is not HTTP/1.x
     * @throws IOException if the connection fails before the end of the head, or no byte comes in time
     */
    static HttpAnswer read(InputStream in) throws IOException {
        return new AnswerReader(in).read();
    }

    private HttpAnswer read() throws IOException {
        int status = head();
        while (status < 200 && status != SWITCHING_PROTOCOLS) { // after 101 comes no HTTP
            status = head();
        }
        if (chunked) {
            readChunks();
        } else if (status >= 200 && status != NO_CONTENT && status != NOT_MODIFIED) {
            readBody(contentLength == UNKNOWN ? LONGEST_ANSWER : contentLength);
        }
        return new HttpAnswer(status, body.toString());
    }

    /** Reads up to the empty line, and returns the status. */
    private int head() throws IOException {
        left = LONGEST_ANSWER;
        contentLength = UNKNOWN;
        chunked = false;
        int status = status(headLine());
        String header = headLine();
        while (!header.isEmpty()) {
            String next = headLine();
            while (next.startsWith(" ") || next.startsWith("\t")) { // the old way to continue a header
                header += next;
                next = headLine();
            }
            take(header);
            header = next;
        }
        return status;
    }

    private static int status(String line) throws InvalidAnswerException {
        require(line.startsWith("HTTP/1.") && line.length() >= "HTTP/1.1 200".length());
        require(isDigit(line.charAt(7)) && line.charAt(8) == ' ');
        require(line.length() == 12 || line.charAt(12) == ' ');
        int status = (int) number(line.substring(9, 12), 10);
        require(status >= 100 && status <= 599);
        return status;
    }

    private void take(String header) throws InvalidAnswerException {
        int colon = header.indexOf(':');
        String name = header.substring(0, Math.max(0, colon)).strip();
        String value = header.substring(colon + 1).strip();
        if (name.equalsIgnoreCase("Content-Length")) {
            for (String length : value.split(",", -1)) { // proxies join equal headers
                takeLength(number(length.strip(), 10));
            }
        } else if (name.equalsIgnoreCase("Transfer-Encoding")) {
            String last = value.substring(value.lastIndexOf(',') + 1).strip();
            chunked = last.equalsIgnoreCase("chunked");
        }
    }

    private void takeLength(long length) throws InvalidAnswerException {
        require(contentLength == UNKNOWN || contentLength == length);
        contentLength = length;
    }

    private void readChunks() throws IOException {
        String size = line();
        while (size != null) {
            int extension = size.indexOf(';');
            long length = number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
            if (length == 0 || !readBody(length)) {
                return;
            }
            String end = line();
            require(end == null || end.isEmpty());
            size = line();
        }
    }

    /** Returns whether all bytes came. */
    private boolean readBody(long length) throws IOException {
        for (long i = 0; i < length; i++) {
            int next = next();
            if (next < 0) {
                return false;
            }
            body.append((char) next);
        }
        return true;
    }

    private String headLine() throws IOException {
        String line = line();
        if (line != null) {
            return line;
        }
        if (failure != null) {
            throw failure;
        }
        if (left == LONGEST_ANSWER) {
            throw new EOFException("the connection was closed before the answer");
        }
        throw new InvalidAnswerException();
    }

    /** Returns the next line without its end, which may be LF only; null if there is no complete one. */
    private @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int next = next();
        while (next != '\n') {
            if (next < 0) {
                return null;
            }
            line.append((char) next);
            next = next();
        }
        int length = line.length();
        boolean carriageReturn = length > 0 && line.charAt(length - 1) == '\r';
        return line.substring(0, carriageReturn ? length - 1 : length);
    }

    /** Returns the next byte; -1 after the last one that is read, also if the connection was reset. */
    private int next() throws SocketTimeoutException {
        if (left == 0 || failure != null) {
            return -1;
        }
        try {
            int next = in.read();
            if (next >= 0) {
                left--;
            }
            return next;
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            failure = e;
            return -1;
        }
    }

    private static long number(String digits, int radix) throws InvalidAnswerException {
        require(!digits.isEmpty() && digits.length() <= LONGEST_NUMBER);
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), radix);
            require(digit >= 0);
            number = number * radix + digit;
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static void require(boolean holds) throws InvalidAnswerException {
        if (!holds) {
            throw new InvalidAnswerException();
        }
    }
}
