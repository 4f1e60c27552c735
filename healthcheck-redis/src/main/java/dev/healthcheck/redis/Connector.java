package dev.healthcheck.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Connects when a connection is first asked for, keeps it, and connects again when it is gone. At most one connect is
 * under way and at most one connection is open. Thread-safe; what has been opened is closed, also if {@link #close()}
 * comes in between.
 */
final class Connector implements ConnectionProvider {
    private static final CompletableFuture<RedisLink> NOT_YET = failed("not yet connected");
    private static final CompletableFuture<RedisLink> CLOSED = failed("closed");

    private final Supplier<? extends CompletionStage<RedisLink>> connect;
    /** The latest attempt, replaced only once it has failed or its connection is gone. Guarded by this. */
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

    /** Never waits: a connect under way ends when it ends, and its connection at once. */
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

    @SuppressWarnings("FutureReturnValueIgnored") // what has failed is closed already
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
        } catch (Throwable t) { // or no later run could connect
            attempt.completeExceptionally(t);
        }
    }

    private static CompletableFuture<RedisLink> failed(String message) {
        return CompletableFuture.failedFuture(new IllegalStateException(message));
    }
}
