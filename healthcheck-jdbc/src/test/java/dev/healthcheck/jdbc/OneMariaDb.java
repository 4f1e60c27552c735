package dev.healthcheck.jdbc;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The MariaDB of a test JVM. */
final class OneMariaDb implements BeforeAllCallback {
    private static @Nullable MariaDbServer server;

    static MariaDbServer server() {
        return Objects.requireNonNull(server);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = OneServer.of(MariaDbServer.class, MariaDbServer::new, context);
    }
}
