package dev.healthcheck.http;

import java.util.Map;

/** Answers that no endpoint makes, because the request does not reach one. */
final class ProblemResponse {
    private static final Form JSON = new Form(new JsonFormat(Map.of()));

    private ProblemResponse() {}

    /**
     * Returns an answer in JSON.
     *
     * @param problem trusted words
     */
    static HealthResponse of(int status, String problem, boolean withoutBody) {
        byte[] body = JSON.format().problem(problem);
        return withoutBody
                ? HealthResponse.withoutBody(status, JSON.headers(), body.length)
                : HealthResponse.of(status, JSON.headers(), body);
    }
}
