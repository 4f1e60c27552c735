package dev.healthcheck.redis;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.Collection;
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
    private final Masters masters;
    private final Supplier<? extends CompletionStage<String>> question;
    private final Function<String, CheckResult> rule;
    private final LongSupplier nanos;
    /** Replaced only once it is complete; written with this locked. */
    private volatile Answer latest;

    private volatile boolean lost;

    private RedisLink(
            StatefulConnection<?, ?> connection,
            RedisClusterAsyncCommands<?, ?> commands,
            Masters masters,
            Supplier<? extends CompletionStage<String>> question,
            Function<String, CheckResult> rule,
            LongSupplier nanos) {
        this.connection = connection;
        this.commands = commands;
        this.masters = masters;
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
        return new RedisLink(
                connection,
                connection.async(),
                Masters.SINGLE,
                connection.async()::ping,
                pong -> up(connection),
                nanos);
    }

    /** Shows the version that the server told when the connection was opened: with RESP3, and since Lettuce 6.3. */
    private static CheckResult up(StatefulRedisConnection<?, ?> connection) {
        String version = connection instanceof StatefulRedisConnectionImpl<?, ?> known
                ? known.getConnectionState().getRedisVersion()
                : null;
        return version == null ? CheckResult.up() : CheckResult.up().withDetail("version", version);
    }

    /** Asks by CLUSTER INFO: no node refuses a PING because of the state of its cluster. */
    static RedisLink over(StatefulRedisClusterConnection<?, ?> connection) {
        return new RedisLink(
                connection,
                connection.async(),
                Masters.of(connection),
                connection.async()::clusterInfo,
                text -> Info.judge(text, Info::cluster),
                System::nanoTime);
    }

    /**
     * Returns the answer. All runs share this future: complete only futures derived from it.
     *
     * @param looks what else to ask; one after the other, until one finds a fault
     */
    CompletableFuture<CheckResult> ask(Collection<Look> looks) {
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
        send(mine, looks);
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

    /** Lettuce warns of a connection that is closed twice; the application may have shut its client down already. */
    @SuppressWarnings("FutureReturnValueIgnored") // a thread of the client must not wait for it
    void close() {
        if (!(connection instanceof RedisChannelHandler<?, ?> closeable && closeable.isClosed())) {
            connection.closeAsync();
        }
    }

    /** Something that a check can ask after the first answer. The future always completes normally. */
    @FunctionalInterface
    interface Look {
        CompletableFuture<CheckResult> at(RedisLink link);
    }

    /** Asks for a section of INFO. */
    CompletableFuture<CheckResult> info(String section, Function<Info, CheckResult> rule) {
        return exchange(() -> commands.info(section), text -> Info.judge(text, rule), ErrorReplies::noInfo);
    }

    /** Asks whether a server takes writes, or all masters of a cluster do, without writing anything. */
    CompletableFuture<CheckResult> writable() {
        if (masters == Masters.SINGLE) {
            return info("replication", Info::master).thenCompose(soFar -> after(soFar, () -> write(Masters.KEY)));
        }
        CompletableFuture<CheckResult> all = done(CheckResult.up());
        for (var key : masters.keys().entrySet()) {
            var one = write(key.getValue()).thenApply(found -> found.withDetail("node", key.getKey()));
            all = all.thenCombine(one, RedisLink::worse);
        }
        return all;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // its last stage completes the answer
    private void send(CompletableFuture<CheckResult> answer, Collection<Look> looks) {
        CompletableFuture<CheckResult> result = exchange(question, rule, ErrorReplies::error);
        for (Look look : looks) {
            result = result.thenCompose(soFar -> after(soFar, () -> look.at(this)));
        }
        result.whenComplete((judged, thrown) -> answer.complete(judged));
    }

    private static CompletableFuture<CheckResult> after(
            CheckResult soFar, Supplier<CompletableFuture<CheckResult>> next) {
        return soFar.status() == Status.UP ? next.get().thenApply(found -> worse(soFar, found)) : done(soFar);
    }

    private static CheckResult worse(CheckResult one, CheckResult other) {
        return other.status().compareTo(one.status()) > 0 ? other : one;
    }

    /**
     * Sets nothing at the begin of a text. This is a write to Redis, which refuses it whenever it refuses writes, but it
     * neither creates a key nor changes one.
     */
    @SuppressWarnings("unchecked") // the arguments and the answer have a codec of their own
    private CompletableFuture<CheckResult> write(String key) {
        var typed = (RedisClusterAsyncCommands<String, String>) commands;
        var nothing = new CommandArgs<>(StringCodec.UTF8).addKey(key).add(0).addValue("");
        return exchange(
                () -> typed.dispatch(CommandType.SETRANGE, new IntegerOutput<>(StringCodec.UTF8), nothing),
                length -> CheckResult.up(),
                ErrorReplies::notWritten);
    }

    /** The future always completes normally. */
    private <T> CompletableFuture<CheckResult> exchange(
            Supplier<? extends CompletionStage<T>> command,
            Function<T, CheckResult> judge,
            Function<Throwable, CheckResult> failed) {
        return done(command)
                .thenCompose(Supplier::get)
                .whenComplete((answer, thrown) -> lookForLoss(thrown))
                .thenApply(judge)
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
