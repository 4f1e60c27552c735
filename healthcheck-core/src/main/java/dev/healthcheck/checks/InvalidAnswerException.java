package dev.healthcheck.checks;

import java.io.IOException;

/** The server answered, but not by the rules of HTTP/1.x. */
final class InvalidAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    InvalidAnswerException() {
        super("the answer is not HTTP");
    }
}
