package dev.healthcheck.redis;

import dev.healthcheck.CheckResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/** Provides the connection of a check by one client. Thread-safe. */
interface ConnectionProvider {

    /** Returns the connection. All runs share this future: complete only futures derived from it. */
    CompletableFuture<RedisLink> link();

    /** Returns the result of a run for which the connection was not open within {@code limit}. */
    CheckResult unopened(Duration limit);

    /** Returns a thread of the client that ends the wait for an answer. */
    ScheduledExecutorService timer();

    /** Closes the connection that was opened for the check, without waiting. */
    void close();

    /** Provides a connection of the application, and never closes it. */
    static ConnectionProvider of(RedisLink link, ScheduledExecutorService timer) {
        var always = CompletableFuture.completedFuture(link);
        return new ConnectionProvider() {
            @Override
            public CompletableFuture<RedisLink> link() {
                return always;
            }

            @Override
            public CheckResult unopened(Duration limit) {
                return ErrorReplies.notConnected(limit);
            }

            @Override
            public ScheduledExecutorService timer() {
                return timer;
            }

            @Override
            public void close() {}
        };
    }
}
