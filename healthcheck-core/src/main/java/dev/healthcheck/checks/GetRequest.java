package dev.healthcheck.checks;

import static dev.healthcheck.checks.Arguments.require;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;

/**
 * The one request that this package sends: GET by HTTP/1.1, on a connection that is closed after the answer. Its URI has
 * the scheme {@code http} or {@code https}, a host and no user.
 */
final class GetRequest {
    private final URI uri;
    private final boolean secure;
    private final String host;
    private final int port;

    private GetRequest(URI uri, boolean secure, String host, int port) {
        this.uri = uri;
        this.secure = secure;
        this.host = host;
        this.port = port;
    }

    /**
     * Returns the request for {@code uri}.
     *
     * @throws IllegalArgumentException if {@code uri} cannot be asked; the message repeats no more of it than its scheme
     */
    static GetRequest to(URI uri) {
        URI ascii = URI.create(uri.toASCIIString());
        boolean secure = "https".equalsIgnoreCase(ascii.getScheme());
        require(secure || "http".equalsIgnoreCase(ascii.getScheme()), "uri", ascii.getScheme(), "http or https");
        String authority = ascii.getRawAuthority() == null ? "" : ascii.getRawAuthority();
        require(authority.indexOf('@') < 0, "uri", "a user", "no user: it would not be sent");
        require(!authority.isEmpty(), "uri", "no host", "a host");
        URI split = ascii.getHost() == null ? withoutUnderscores(authority) : ascii;
        require(split.getHost() != null, "uri", "no host", "a host");
        String host = authority.substring(0, split.getHost().length());
        int defaultPort = secure ? 443 : 80;
        return new GetRequest(ascii, secure, host, split.getPort() < 0 ? defaultPort : split.getPort());
    }

    /** Service names of Compose often have underscores, and {@link URI} does not split an authority that has one. */
    private static URI withoutUnderscores(String authority) {
        return URI.create("http://" + authority.replace('_', 'x'));
    }

    boolean isSecure() {
        return secure;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    byte[] bytes(String accept) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String text = "GET " + path + query + " HTTP/1.1\r\nHost: " + uri.getRawAuthority()
                + "\r\nUser-Agent: healthcheck\r\nAccept: " + accept + "\r\nConnection: close\r\n\r\n";
        return text.getBytes(US_ASCII);
    }
}
