package dev.healthcheck.jdbc;

/** Asks a database whether it answers. */
public final class JdbcHealthCheck {
    private JdbcHealthCheck() {}
}
