package dev.healthcheck.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Connects when a connection is first asked for, keeps it, and connects again when it is gone. At most one connect is
 * under way and at most one connection is open. Thread-safe; what has been opened is closed, also if {@link #close()}
 * comes in between.
 */
final class Dialer implements Source {
    private static final CompletableFuture<Link> NOT_YET = failed("not yet connected");
    private static final CompletableFuture<Link> CLOSED = failed("closed");

    private final Supplier<? extends CompletionStage<Link>> connect;
    /** The latest attempt, replaced only once it has failed or its connection is gone. Guarded by this. */
    private CompletableFuture<Link> latest = NOT_YET;

    Dialer(Supplier<? extends CompletionStage<Link>> connect) {
        this.connect = connect;
    }

    @Override
    public CompletableFuture<Link> link() {
        var next = new CompletableFuture<Link>();
        CompletableFuture<Link> last;
        synchronized (this) {
            last = latest;
            if (!isOver(last)) {
                return last;
            }
            latest = next;
        }
        closeWhenOpen(last);
        dial(next);
        return next;
    }

    /** Never waits: a connect under way ends when it ends, and its connection at once. */
    @Override
    public void close() {
        CompletableFuture<Link> last;
        synchronized (this) {
            last = latest;
            latest = CLOSED;
        }
        closeWhenOpen(last);
    }

    private static boolean isOver(CompletableFuture<Link> attempt) {
        return attempt != CLOSED
                && attempt.isDone()
                && (attempt.isCompletedExceptionally() || !attempt.join().isUsable());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what has failed is closed already
    private static void closeWhenOpen(CompletableFuture<Link> attempt) {
        attempt.thenAccept(Link::close);
    }

    private void dial(CompletableFuture<Link> attempt) {
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

    private static CompletableFuture<Link> failed(String message) {
        return CompletableFuture.failedFuture(new IllegalStateException(message));
    }
}
