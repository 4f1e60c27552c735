package dev.healthcheck.servlet;

/** Answers health probes over HTTP. */
public final class HealthServlet {
    private HealthServlet() {}
}
