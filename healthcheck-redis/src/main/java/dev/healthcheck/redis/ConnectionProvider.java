package dev.healthcheck.redis;

import java.util.concurrent.CompletableFuture;

/** Provides the connection of a check. Thread-safe. */
interface ConnectionProvider {

    /** Returns the connection. All runs share this future: complete only futures derived from it. */
    CompletableFuture<RedisLink> link();

    /** Closes the connection that was opened for the check, without waiting. */
    void close();

    /** Provides a connection of the application, and never closes it. */
    static ConnectionProvider of(RedisLink link) {
        var always = CompletableFuture.completedFuture(link);
        return new ConnectionProvider() {
            @Override
            public CompletableFuture<RedisLink> link() {
                return always;
            }

            @Override
            public void close() {}
        };
    }
}
