package dev.healthcheck.checks;

import static java.util.regex.Pattern.DOTALL;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Sends a GET request and reads the status line of the answer. The JDK's own clients bound each read instead of the whole
 * exchange, or they keep threads and connections. Their redirects and bodies are of no use here.
 */
final class HttpGet implements NetworkCheck {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.\\d ([1-5]\\d\\d)( .*)?", DOTALL);
    private static final int LONGEST_LINE = 8192;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NOT_HTTP = -1;

    private final HostAndPort server;
    private final GetRequest request;
    private final Set<Integer> expected;

    HttpGet(HostAndPort server, GetRequest request, Set<Integer> expected) {
        this.server = server;
        this.request = request;
        this.expected = expected;
    }

    @Override
    public CheckResult ask(Deadline deadline) throws Exception {
        return server.ask(deadline, this::get);
    }

    private CheckResult get(Socket connection) throws IOException, NoSuchAlgorithmException {
        try (Socket socket = request.isSecure() ? secured(connection) : connection) {
            socket.getOutputStream().write(request.bytes("*/*"));
            return judge(lastStatus(new BufferedInputStream(socket.getInputStream())));
        }
    }

    /** Gets the default context each time: an application may replace it when its trust store changes. */
    private SSLSocket secured(Socket connection) throws IOException, NoSuchAlgorithmException {
        return server.secureByName(connection, SSLContext.getDefault());
    }

    private CheckResult judge(int status) {
        if (status == NOT_HTTP) {
            return CheckResult.down("the answer is not HTTP").withReason("invalid");
        }
        CheckResult result = isExpected(status)
                ? CheckResult.up()
                : CheckResult.down("status " + status).withReason("unexpected-status");
        return result.withDetail("status", status);
    }

    private boolean isExpected(int status) {
        return expected.isEmpty() ? status / 100 == 2 : expected.contains(status);
    }

    /** Skips interim answers, such as 103 Early Hints. */
    private static int lastStatus(InputStream in) throws IOException {
        int status = status(line(in));
        while (status / 100 == 1 && status != SWITCHING_PROTOCOLS) { // after 101 comes no HTTP
            boolean head = true;
            while (head) {
                head = !skipLine(in);
            }
            status = status(line(in));
        }
        return status;
    }

    /** The reason phrase may have any bytes. */
    private static int status(String line) {
        Matcher matcher = STATUS_LINE.matcher(line);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : NOT_HTTP;
    }

    /** Returns the next line, or its beginning if it is very long. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = next(in); c != '\n' && line.length() < LONGEST_LINE; c = next(in)) {
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    /** Returns whether the line was empty. */
    private static boolean skipLine(InputStream in) throws IOException {
        boolean empty = true;
        for (int c = next(in); c != '\n'; c = next(in)) {
            empty &= c == '\r';
        }
        return empty;
    }

    private static int next(InputStream in) throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("the connection was closed before the answer");
        }
        return next;
    }
}
