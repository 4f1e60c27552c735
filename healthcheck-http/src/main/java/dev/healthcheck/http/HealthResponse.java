package dev.healthcheck.http;

import java.util.Map;

/** The answer to a {@link HealthRequest}, for a server to send. Immutable. */
public final class HealthResponse {
    private static final byte[] NOTHING = {};

    private final int status;
    private final Map<String, String> headers;
    private final int contentLength;
    private final byte[] body;

    private HealthResponse(int status, Map<String, String> headers, int contentLength, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.contentLength = contentLength;
        this.body = body;
    }

    static HealthResponse of(int status, Map<String, String> headers, byte[] body) {
        return new HealthResponse(status, headers, body.length, body);
    }

    /** Returns the response to a {@code HEAD}. */
    static HealthResponse withoutBody(int status, Map<String, String> headers, int contentLength) {
        return new HealthResponse(status, headers, contentLength, NOTHING);
    }

    /**
     * Returns the status code.
     *
     * @return 200 or 503 for a report or a check, 404 for a check that there is not, 405 for a method other than
     *     {@code GET} and {@code HEAD}
     */
    public int status() {
        return status;
    }

    /**
     * Returns the headers but {@code Content-Length}. {@code Vary} adds to what the server sends already; each other
     * header replaces it.
     *
     * @return values by name, unmodifiable
     */
    public Map<String, String> headers() {
        return headers;
    }

    /**
     * Returns the value of {@code Content-Length}. For a {@code HEAD} this is the length that the body of a {@code GET}
     * would have. Some servers send 0 unless it is set.
     *
     * @return the length in bytes
     */
    public int contentLength() {
        return contentLength;
    }

    /**
     * Returns the body without a copy.
     *
     * @return the bytes, not to be changed; empty for a {@code HEAD}
     */
    public byte[] body() {
        return body;
    }
}
