package dev.healthcheck.redis;

import dev.healthcheck.CheckResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects at the first request for a connection, keeps it, and connects again when it is gone. Invariant: at most one
 * attempt is under way and at most one connection is open. Thread-safe. It closes whatever it has opened, also if
 * {@link #close()} comes during an attempt.
 */
final class Connector implements ConnectionProvider {
    /** A JVM that loads Lettuce and Netty on a fraction of a CPU needs seconds; after this time it is not the cause. */
    private static final long LONGEST_FIRST_CONNECT = Duration.ofSeconds(10).toNanos();

    private static final int TRIES = 3;

    private static final Attempt NOT_YET = Attempt.failed("not yet connected");
    private static final Attempt CLOSED = Attempt.failed("closed");

    private final Supplier<? extends CompletionStage<RedisLink>> connect;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanos;
    /** The latest attempt. It is replaced only after it has failed or its connection is gone. Guarded by this. */
    private Attempt latest = NOT_YET;
    /** The last answer of a full server, until an attempt ends in another way. */
    private volatile @Nullable Throwable full;

    Connector(
            Supplier<? extends CompletionStage<RedisLink>> connect,
            ScheduledExecutorService timer,
            LongSupplier nanos) {
        this.connect = connect;
        this.timer = timer;
        this.nanos = nanos;
    }

    @Override
    public CompletableFuture<RedisLink> link() {
        Attempt last;
        Attempt next;
        synchronized (this) {
            last = latest;
            if (!last.isOver()) {
                return last;
            }
            next = new Attempt(nanos.getAsLong(), last == NOT_YET);
            latest = next;
        }
        closeWhenOpen(last);
        connect(next, TRIES);
        return next;
    }

    @Override
    public CheckResult unopened(Duration limit) {
        Attempt attempt = latest();
        boolean first =
                attempt == NOT_YET || (attempt.first && nanos.getAsLong() - attempt.begunAt < LONGEST_FIRST_CONNECT);
        return first ? ErrorReplies.connecting(limit) : ErrorReplies.notConnected(limit);
    }

    @Override
    public ScheduledExecutorService timer() {
        return timer;
    }

    /** Does not wait. The connection of an attempt under way is closed as soon as it is open. */
    @Override
    public void close() {
        Attempt last;
        synchronized (this) {
            last = latest;
            latest = CLOSED;
        }
        closeWhenOpen(last);
    }

    private synchronized Attempt latest() {
        return latest;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed attempt has nothing to close
    private static void closeWhenOpen(Attempt attempt) {
        attempt.thenAccept(RedisLink::close);
    }

    /**
     * Connects again if the server has hung up before Lettuce could read an answer. A full Redis says why it hangs up, but
     * Lettuce loses a few of these answers, and most of them if it waits for credentials.
     */
    private void connect(Attempt attempt, int tries) {
        try {
            connect.get().whenComplete((link, thrown) -> {
                if (thrown == null) {
                    full = null;
                    attempt.complete(link);
                } else if (tries > 1 && ErrorReplies.isHangUp(thrown)) {
                    connect(attempt, tries - 1);
                } else {
                    attempt.completeExceptionally(explained(thrown));
                }
            });
        } catch (Throwable t) { // otherwise no later run could connect
            attempt.completeExceptionally(t);
        }
    }

    /** Returns what a server that hangs up without an answer has said last, because the same fault has one reason. */
    private Throwable explained(Throwable thrown) {
        if (!ErrorReplies.isHangUp(thrown)) {
            full = ErrorReplies.isFull(thrown) ? thrown : null;
        }
        Throwable known = full;
        return known == null ? thrown : known;
    }

    private static final class Attempt extends CompletableFuture<RedisLink> {
        private final long begunAt;
        private final boolean first;

        Attempt(long begunAt, boolean first) {
            this.begunAt = begunAt;
            this.first = first;
        }

        static Attempt failed(String message) {
            var attempt = new Attempt(0, false);
            attempt.completeExceptionally(new IllegalStateException(message));
            return attempt;
        }

        /** Returns whether another attempt is due: this one has failed, or its connection is gone. */
        boolean isOver() {
            return this != CLOSED && isDone() && (isCompletedExceptionally() || !join().isUsable());
        }
    }
}
