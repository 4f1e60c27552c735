package dev.healthcheck.http;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request without its body.
 *
 * @param path decoded, without a query
 * @param host the value of {@code Host}; empty if an HTTP/1.0 request has none
 * @param hasBody whether bytes of this request may follow its head
 * @param keepsAlive whether the client wants to send another request
 * @param isHttp11 false for HTTP/1.0
 */
record RequestHead(
        String method,
        String path,
        String host,
        HeaderLines headers,
        boolean hasBody,
        boolean keepsAlive,
        boolean isHttp11) {
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(?<port>[0-9]{1,5}))?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern COMMA = Pattern.compile("[ \\t]*,[ \\t]*");
    private static final int HIGHEST_PORT = 65535;

    static RequestHead of(RequestLine line, HeaderLines headers) throws RefusedRequest {
        requireKnownExpectation(headers);
        return new RequestHead(
                line.method(),
                line.path(),
                host(line, headers),
                headers,
                hasBody(line, headers),
                keepsAlive(line, headers),
                line.isHttp11());
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    private static String host(RequestLine line, HeaderLines headers) throws RefusedRequest {
        String host = headers.single("Host");
        if (host == null) {
            RefusedRequest.unless(!line.isHttp11() && line.authority().isEmpty(), "no Host");
            return "";
        }
        RefusedRequest.unless(isHost(host), "not a Host");
        RefusedRequest.unless(
                line.authority().isEmpty() || line.authority().equalsIgnoreCase(host),
                "a Host that is not the target's");
        return host;
    }

    private static boolean isHost(String host) {
        var matcher = HOST.matcher(host);
        if (!matcher.matches()) {
            return false;
        }
        String port = matcher.group("port");
        return port == null || isPort(Integer.parseInt(port));
    }

    private static boolean isPort(int port) {
        return port > 0 && port <= HIGHEST_PORT;
    }

    private static void requireKnownExpectation(HeaderLines headers) throws RefusedRequest {
        String expectation = headers.get("Expect");
        RefusedRequest.unless(
                expectation == null || expectation.equalsIgnoreCase("100-continue"), "an unknown expectation");
    }

    private static boolean hasBody(RequestLine line, HeaderLines headers) throws RefusedRequest {
        String length = headers.single("Content-Length");
        String coding = headers.single("Transfer-Encoding");
        if (coding != null) {
            RefusedRequest.unless(
                    length == null && line.isHttp11() && coding.equalsIgnoreCase("chunked"), "a Transfer-Encoding");
            return true;
        }
        RefusedRequest.unless(length == null || LENGTH.matcher(length).matches(), "not a Content-Length");
        return length != null && Long.parseLong(length) > 0;
    }

    private static boolean keepsAlive(RequestLine line, HeaderLines headers) throws RefusedRequest {
        String connection = headers.get("Connection");
        RefusedRequest.unless(
                headers.get("Upgrade") == null || (connection != null && names(connection, "upgrade")),
                "an Upgrade that Connection does not name");
        if (connection == null) {
            return line.isHttp11();
        }
        return !names(connection, "close") && (line.isHttp11() || names(connection, "keep-alive"));
    }

    private static boolean names(String list, String option) {
        return Arrays.stream(COMMA.split(list, -1)).anyMatch(option::equalsIgnoreCase);
    }
}
