package dev.healthcheck.jdbc;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The PostgreSQL of a test JVM. */
final class OnePostgres implements BeforeAllCallback {
    private static @Nullable PostgresServer server;

    static PostgresServer server() {
        return Objects.requireNonNull(server);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = OneServer.of(PostgresServer.class, PostgresServer::create, context);
    }
}
