package dev.healthcheck.redis;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection, and the commands on it. Invariant: at most one command is unanswered, however many runs ask. Thread-safe.
 *
 * <p>Runs that ask while a command is unanswered share its answer. No run cancels a command: Redis answers in order, so a
 * cancelled command would stay in the client's queue and the next one would be added to it.
 */
final class RedisLink {
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private final StatefulConnection<?, ?> connection;
    private final RedisClusterAsyncCommands<?, ?> commands;
    private final Supplier<? extends CompletionStage<String>> question;
    private final Function<Info, CheckResult> rule;
    private final LongSupplier nanos;
    /** Replaced only once it is complete; written with this locked. */
    private volatile Answer latest;

    private volatile boolean lost;

    private RedisLink(
            StatefulConnection<?, ?> connection,
            RedisClusterAsyncCommands<?, ?> commands,
            Supplier<? extends CompletionStage<String>> question,
            Function<Info, CheckResult> rule,
            LongSupplier nanos) {
        this.connection = connection;
        this.commands = commands;
        this.question = question;
        this.rule = rule;
        this.nanos = nanos;
        latest = new Answer(nanos.getAsLong());
        latest.complete(CheckResult.up());
    }

    static RedisLink over(StatefulRedisConnection<?, ?> connection) {
        return over(connection, System::nanoTime);
    }

    static RedisLink over(StatefulRedisConnection<?, ?> connection, LongSupplier nanos) {
        return new RedisLink(connection, connection.async(), connection.async()::ping, pong -> CheckResult.up(), nanos);
    }

    /** Asks by CLUSTER INFO: no node refuses a PING because of the state of its cluster. */
    static RedisLink over(StatefulRedisClusterConnection<?, ?> connection) {
        return new RedisLink(
                connection, connection.async(), connection.async()::clusterInfo, Info::cluster, System::nanoTime);
    }

    /**
     * Returns the answer. All runs share this future: complete only futures derived from it.
     *
     * @param rules by section of INFO; applied one after the other, until one is broken
     */
    CompletableFuture<CheckResult> ask(Map<String, Function<Info, CheckResult>> rules) {
        if (!connection.isOpen()) {
            return CompletableFuture.completedFuture(ErrorReplies.disconnected());
        }
        var mine = new Answer(nanos.getAsLong());
        synchronized (this) {
            if (!latest.isDone()) {
                return latest;
            }
            latest = mine;
        }
        send(mine, rules);
        return mine;
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /**
     * Returns whether another command can be sent: the client has given up none, and the connection has not been silent
     * for too long. After a long silence the answer may still come, but the connection may also be dead although it is
     * open.
     */
    boolean isUsable() {
        return !lost && connection.isOpen() && !isOverdue();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a thread of the client must not wait for it
    void close() {
        connection.closeAsync();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // its last stage completes the answer
    private void send(CompletableFuture<CheckResult> answer, Map<String, Function<Info, CheckResult>> rules) {
        CompletableFuture<CheckResult> result = exchange(question, rule, ErrorReplies::error);
        for (var rule : rules.entrySet()) {
            result = result.thenCompose(
                    soFar -> soFar.status() == Status.UP ? look(rule.getKey(), rule.getValue(), soFar) : done(soFar));
        }
        result.whenComplete((judged, thrown) -> answer.complete(judged));
    }

    private CompletableFuture<CheckResult> look(String section, Function<Info, CheckResult> rule, CheckResult soFar) {
        return exchange(() -> commands.info(section), rule, ErrorReplies::noInfo)
                .thenApply(found -> found.status() == Status.UP ? soFar : found);
    }

    /** The future always completes normally. */
    private CompletableFuture<CheckResult> exchange(
            Supplier<? extends CompletionStage<String>> command,
            Function<Info, CheckResult> rule,
            Function<Throwable, CheckResult> failed) {
        return done(command)
                .thenCompose(Supplier::get)
                .whenComplete((text, thrown) -> lookForLoss(thrown))
                .thenApply(text -> Info.judge(text, rule))
                .exceptionally(failed);
    }

    private void lookForLoss(@Nullable Throwable thrown) {
        if (thrown != null && !ErrorReplies.isError(thrown)) {
            lost = true;
        }
    }

    /** Lettuce itself waits for a minute by default, and without end for CLUSTER INFO. */
    private boolean isOverdue() {
        Duration patience = connection.getTimeout();
        Duration limit = patience.isZero() || patience.compareTo(LONGEST_SILENCE) > 0 ? LONGEST_SILENCE : patience;
        Answer answer = latest;
        return !answer.isDone() && nanos.getAsLong() - answer.askedAt > limit.toNanos();
    }

    private static <T> CompletableFuture<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    private static final class Answer extends CompletableFuture<CheckResult> {
        private final long askedAt;

        Answer(long askedAt) {
            this.askedAt = askedAt;
        }
    }
}
