package dev.healthcheck.redis;

import dev.healthcheck.CheckResult;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection, and the command that it is asked with: at most one of them is unanswered, however many runs ask.
 * Thread-safe.
 *
 * <p>A run that asks meanwhile shares the answer. Nobody can cancel the command: the protocol is answered in order, so
 * a cancelled one would stay in the client's queue and the next would be added to it.
 */
final class Link {
    private final StatefulConnection<?, ?> connection;
    private final Supplier<? extends CompletionStage<String>> command;
    /** The latest answer, replaced only once it is there. */
    private final AtomicReference<CompletableFuture<CheckResult>> latest =
            new AtomicReference<>(CompletableFuture.completedFuture(CheckResult.up()));

    private volatile boolean lost;

    private Link(StatefulConnection<?, ?> connection, Supplier<? extends CompletionStage<String>> command) {
        this.connection = connection;
        this.command = command;
    }

    static Link over(StatefulRedisConnection<?, ?> connection) {
        return new Link(connection, () -> connection.async().ping());
    }

    /** No node refuses a PING because of the state of the cluster. */
    static Link over(StatefulRedisClusterConnection<?, ?> connection) {
        return new Link(connection, () -> connection.async().clusterInfo());
    }

    /** The answer, which is everybody's: complete nothing but what is derived from it. */
    CompletableFuture<CheckResult> ask() {
        if (!connection.isOpen()) {
            return CompletableFuture.completedFuture(Reply.disconnected());
        }
        var mine = new CompletableFuture<CheckResult>();
        var current = latest.updateAndGet(last -> last.isDone() ? mine : last);
        if (current == mine) {
            send(mine);
        }
        return current;
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /**
     * Whether it can be asked again. Not once the client gave a command up: its answer may still come, and a silent
     * connection may be dead although it is open.
     */
    boolean isUsable() {
        return !lost && connection.isOpen();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it, least of all a thread of the client
    void close() {
        connection.closeAsync();
    }

    private void send(CompletableFuture<CheckResult> answer) {
        try {
            command.get().whenComplete((text, thrown) -> answer.complete(judge(text, thrown)));
        } catch (Throwable t) { // or no later run could ask
            answer.complete(judge(null, t));
        }
    }

    private CheckResult judge(@Nullable String text, @Nullable Throwable thrown) {
        if (thrown == null) {
            return Reply.of(text);
        }
        lost = !(thrown instanceof RedisCommandExecutionException);
        return Reply.error(thrown);
    }
}
