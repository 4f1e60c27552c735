package dev.healthcheck.servlet;

import dev.healthcheck.http.HealthResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes an answer to the response of a container. */
final class AnswerWriter {
    private AnswerWriter() {}

    /** Returns whether the container can take the whole answer, however slowly the client reads. */
    static boolean fits(HealthResponse answer, HttpServletResponse response) {
        return answer.body().length <= response.getBufferSize();
    }

    static void write(HealthResponse answer, HttpServletResponse response) throws IOException {
        writeHead(answer, response);
        response.getOutputStream().write(answer.body());
    }

    static void writeHead(HealthResponse answer, HttpServletResponse response) {
        response.setStatus(answer.status());
        answer.headers().forEach((name, value) -> {
            if (name.equals("Vary")) {
                response.addHeader(name, value); // adds to what a filter may have set
            } else {
                response.setHeader(name, value);
            }
        });
        response.setContentLength(answer.contentLength());
    }
}
