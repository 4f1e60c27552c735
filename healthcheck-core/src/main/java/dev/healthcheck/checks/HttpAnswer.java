package dev.healthcheck.checks;

/**
 * The final answer of a server.
 *
 * @param status 101, or 200 to 599
 * @param body its beginning, one character for each byte
 */
record HttpAnswer(int status, String body) {
    boolean isSuccess() {
        return status / 100 == 2;
    }
}
