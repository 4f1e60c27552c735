package dev.healthcheck.checks;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
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
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.\\d ([2-5]\\d\\d)( .*)?");
    private static final int LONGEST_LINE = 8192;

    private final HostAndPort server;
    private final GetRequest request;
    private final Set<Integer> expected;

    HttpGet(HostAndPort server, GetRequest request, Set<Integer> expected) {
        this.server = server;
        this.request = request;
        this.expected = expected;
    }

    @Override
    public CheckResult ask(Deadline deadline) throws IOException, NoSuchAlgorithmException {
        try (Socket connection = server.connect(deadline);
                Socket socket = request.isSecure() ? secured(connection) : connection) {
            socket.getOutputStream().write(request.bytes("*/*"));
            return judge(statusLine(socket.getInputStream()));
        }
    }

    /** Gets the default context each time: an application may replace it when its trust store changes. */
    private SSLSocket secured(Socket connection) throws IOException, NoSuchAlgorithmException {
        return server.secureByName(connection, SSLContext.getDefault());
    }

    private CheckResult judge(String statusLine) {
        Matcher matcher = STATUS_LINE.matcher(statusLine);
        if (!matcher.matches()) {
            return CheckResult.down("the answer is not HTTP").withReason("invalid");
        }
        int status = Integer.parseInt(matcher.group(1));
        CheckResult result = isExpected(status)
                ? CheckResult.up()
                : CheckResult.down("status " + status).withReason("unexpected-status");
        return result.withDetail("status", status);
    }

    private boolean isExpected(int status) {
        return expected.isEmpty() ? status / 100 == 2 : expected.contains(status);
    }

    /** Skips interim answers, such as 103 Early Hints. */
    private static String statusLine(InputStream in) throws IOException {
        String line = line(in);
        while (line.startsWith("HTTP/1.1 1")) {
            while (!line.isEmpty()) {
                line = line(in);
            }
            line = line(in);
        }
        return line;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n' && line.length() < LONGEST_LINE; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection was closed before the answer");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }
}
