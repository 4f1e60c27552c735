package dev.healthcheck.benchmarks;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The least that a servlet can do for an answer. */
final class Constant extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final byte[] body;

    Constant(byte[] body) {
        this.body = body.clone();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
