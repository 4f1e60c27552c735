package dev.healthcheck.jdbc;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One server for all classes, because to start one takes seconds. JUnit closes it after the last. */
final class OnePostgres implements BeforeAllCallback {
    private static @Nullable PostgresServer server;

    static PostgresServer server() {
        return Objects.requireNonNull(server);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(PostgresServer.class, key -> create(), PostgresServer.class);
    }

    private static PostgresServer create() {
        try {
            return PostgresServer.create();
        } catch (Exception e) {
            throw new IllegalStateException("no PostgreSQL", e);
        }
    }
}
