package dev.healthcheck.servlet;

import dev.healthcheck.Status;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The status, headers and body of one response. */
final class HttpAnswer {
    private final int httpStatus;
    private final HealthFormat format;
    private final byte[] body;

    HttpAnswer(int httpStatus, HealthFormat format, byte[] body) {
        this.httpStatus = httpStatus;
        this.format = format;
        this.body = body;
    }

    static HttpAnswer of(Status status, HealthFormat format, byte[] body) {
        int unavailable = HttpServletResponse.SC_SERVICE_UNAVAILABLE;
        return new HttpAnswer(status == Status.DOWN ? unavailable : HttpServletResponse.SC_OK, format, body);
    }

    void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(httpStatus);
        response.setHeader("Cache-Control", "no-store");
        response.addHeader("Vary", "Accept"); // adds to what a filter may have set
        response.setHeader("X-Content-Type-Options", "nosniff");
        format.headers().forEach(response::setHeader);
        response.setContentType(format.contentType());
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }
}
