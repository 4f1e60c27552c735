package dev.healthcheck.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Connects at the first request for a connection, keeps it, and connects again when it is gone. Invariant: at most one
 * attempt is under way and at most one connection is open. Thread-safe. It closes whatever it has opened, also if
 * {@link #close()} comes during an attempt.
 */
final class Connector implements ConnectionProvider {
    private static final CompletableFuture<RedisLink> NOT_YET = failed("not yet connected");
    private static final CompletableFuture<RedisLink> CLOSED = failed("closed");

    private final Supplier<? extends CompletionStage<RedisLink>> connect;
    /** The latest attempt. It is replaced only after it has failed or its connection is gone. Guarded by this. */
    private CompletableFuture<RedisLink> latest = NOT_YET;

    Connector(Supplier<? extends CompletionStage<RedisLink>> connect) {
        this.connect = connect;
    }

    @Override
    public CompletableFuture<RedisLink> link() {
        var next = new CompletableFuture<RedisLink>();
        CompletableFuture<RedisLink> last;
        synchronized (this) {
            last = latest;
            if (!isOver(last)) {
                return last;
            }
            latest = next;
        }
        closeWhenOpen(last);
        connect(next);
        return next;
    }

    /** Does not wait. The connection of an attempt under way is closed as soon as it is open. */
    @Override
    public void close() {
        CompletableFuture<RedisLink> last;
        synchronized (this) {
            last = latest;
            latest = CLOSED;
        }
        closeWhenOpen(last);
    }

    private static boolean isOver(CompletableFuture<RedisLink> attempt) {
        return attempt != CLOSED
                && attempt.isDone()
                && (attempt.isCompletedExceptionally() || !attempt.join().isUsable());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed attempt has nothing to close
    private static void closeWhenOpen(CompletableFuture<RedisLink> attempt) {
        attempt.thenAccept(RedisLink::close);
    }

    private void connect(CompletableFuture<RedisLink> attempt) {
        try {
            connect.get().whenComplete((link, thrown) -> {
                if (thrown == null) {
                    attempt.complete(link);
                } else {
                    attempt.completeExceptionally(thrown);
                }
            });
        } catch (Throwable t) { // otherwise no later run could connect
            attempt.completeExceptionally(t);
        }
    }

    private static CompletableFuture<RedisLink> failed(String message) {
        return CompletableFuture.failedFuture(new IllegalStateException(message));
    }
}
