package dev.healthcheck.redis;

import java.util.concurrent.CompletableFuture;

/** Where a check has its connection from. Thread-safe. */
interface Source {

    /** The connection, which is everybody's: complete nothing but what is derived from it. */
    CompletableFuture<Link> link();

    /** Closes what was opened for the check, without waiting. */
    void close();

    /** One of the application's, which is not ours to close. */
    static Source of(Link link) {
        var always = CompletableFuture.completedFuture(link);
        return new Source() {
            @Override
            public CompletableFuture<Link> link() {
                return always;
            }

            @Override
            public void close() {}
        };
    }
}
