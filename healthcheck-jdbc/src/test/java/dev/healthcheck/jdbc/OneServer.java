package dev.healthcheck.jdbc;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One server of a kind for all classes of a test JVM, because to start one takes seconds. JUnit closes it at the end. */
final class OneServer {
    private OneServer() {}

    static <S extends AutoCloseable> S of(Class<S> kind, Callable<S> start, ExtensionContext context) {
        return context.getStore(
                        ExtensionContext.StoreScope.LAUNCHER_SESSION,
                        ExtensionContext.Namespace.create(OneServer.class))
                .computeIfAbsent(kind, key -> started(start), kind);
    }

    private static <S> S started(Callable<S> start) {
        try {
            return start.call();
        } catch (Exception e) {
            throw new IllegalStateException("no server", e);
        }
    }
}
