package dev.healthcheck.redis;

import java.util.concurrent.CompletableFuture;

/** Where a check has its connection from. Thread-safe. */
interface ConnectionProvider {

    /** The connection, which is everybody's: complete nothing but what is derived from it. */
    CompletableFuture<RedisLink> link();

    /** Closes what was opened for the check, without waiting. */
    void close();

    /** One of the application's, which is not ours to close. */
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
