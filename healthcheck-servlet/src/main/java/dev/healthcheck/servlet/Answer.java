package dev.healthcheck.servlet;

import dev.healthcheck.Status;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What is sent for a request. */
record Answer(int httpStatus, Body body) {

    static Answer of(Status status, Body body) {
        int unavailable = HttpServletResponse.SC_SERVICE_UNAVAILABLE;
        return new Answer(status == Status.DOWN ? unavailable : HttpServletResponse.SC_OK, body);
    }

    void send(Format format, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(httpStatus);
        response.setHeader("Cache-Control", "no-store");
        response.addHeader("Vary", "Accept"); // not in place of what a filter may have said
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType(format.contentType());
        response.setContentLength(body.length());
        if (!request.getMethod().equals("HEAD")) {
            body.writeTo(response.getOutputStream());
        }
    }
}
