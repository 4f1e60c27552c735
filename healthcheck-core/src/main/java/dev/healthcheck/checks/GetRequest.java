package dev.healthcheck.checks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;

/** The one request that this package sends: GET by HTTP/1.1, on a connection that is closed after the answer. */
final class GetRequest {
    private GetRequest() {}

    static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return isSecure(uri) ? 443 : 80;
    }

    static byte[] bytes(URI uri, String accept) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String text = "GET " + path + query + " HTTP/1.1\r\nHost: " + uri.getRawAuthority()
                + "\r\nUser-Agent: healthcheck\r\nAccept: " + accept + "\r\nConnection: close\r\n\r\n";
        return text.getBytes(US_ASCII);
    }
}
