package dev.healthcheck.http;

/** Says that a request is not answered as it was meant, and with what instead. The connection ends with the answer. */
final class RefusedRequest extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    private RefusedRequest(int status, String problem) {
        super(problem, null, false, false); // a client can cause many: no stack trace
        this.status = status;
    }

    static void unless(boolean holds, String problem) throws RefusedRequest {
        if (!holds) {
            throw malformed(problem);
        }
    }

    static RefusedRequest malformed(String problem) {
        return new RefusedRequest(400, problem);
    }

    static RefusedRequest tooLarge() {
        return new RefusedRequest(431, "more than " + RequestParser.LIMIT + " bytes of header");
    }

    static RefusedRequest unknownVersion() {
        return new RefusedRequest(505, "only HTTP/1.1 and HTTP/1.0");
    }

    HealthResponse response() {
        return ProblemResponse.of(status, String.valueOf(getMessage()), false);
    }
}
