package dev.healthcheck.redis;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.AsyncHealthCheck;
import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks Redis whether it answers: a PING, or CLUSTER INFO where the client is one for clusters, because no node refuses
 * a PING for the state of its cluster. Thread-safe, holds no thread while it waits, and completes by itself after 85 %
 * of its time at the latest.
 *
 * <p>One connection is opened at the first run and kept for all others; if it is gone, the next run opens another. It
 * is closed with the check: by {@link #close()}, when the check is unregistered, or with the registry. The client is
 * the application's and never closed; it should be shut down after the registry. At most one command is unanswered on
 * the connection, however many runs ask and however long Redis is silent. If the client gives that command up (its
 * command timeout, 60 seconds if not configured), the next run opens another connection.
 *
 * <p>{@link dev.healthcheck.Status#UP} if Redis answers, also if it answers that this user may not ask ({@code NOPERM});
 * the detail {@code answer} says so then. Else {@link dev.healthcheck.Status#DOWN}, and the reason is
 *
 * <table>
 * <caption>Reasons</caption>
 * <tr><th>reason</th><th>what happened</th></tr>
 * <tr><td>{@code disconnected}</td><td>there is no connection, and none could be opened in time</td></tr>
 * <tr><td>{@code timeout}</td><td>no answer in time, though the connection is open</td></tr>
 * <tr><td>{@code auth}</td><td>{@code NOAUTH}, {@code WRONGPASS}; {@code NOPERM} for what a connection begins
 *     with</td></tr>
 * <tr><td>{@code loading}</td><td>{@code LOADING}: the data set is being read from disk</td></tr>
 * <tr><td>{@code busy}</td><td>{@code BUSY}: a script or function has been running for too long</td></tr>
 * <tr><td>{@code master-down}</td><td>{@code MASTERDOWN}: a replica without its master, told not to serve stale data;
 *     before Redis 7 it answers a PING all the same</td></tr>
 * <tr><td>{@code read-only}</td><td>{@code READONLY}; {@code MISCONF}: the data set cannot be saved, so writes are
 *     refused</td></tr>
 * <tr><td>{@code cluster-down}</td><td>{@code CLUSTERDOWN}, or {@code cluster_state:fail} in CLUSTER INFO: slots are
 *     not served, or most masters not reachable</td></tr>
 * <tr><td>{@code error-reply}</td><td>any other error reply</td></tr>
 * </table>
 *
 * <p>Causes hold hosts and perhaps users, and are private. The check is a {@linkplain CheckOptions#dependency()
 * dependency} and not interrupted; all other options are those of the registry.
 *
 * <p>The rules stand in the <a href="https://redis.io/docs/latest/commands/">Redis command reference</a> (PING, CLUSTER
 * INFO), in its pages on <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/">ACL</a>
 * and on the <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors">protocol</a> (the
 * first word of an error is its kind), and in the
 * <a href="https://redis.github.io/lettuce/advanced-usage/">Lettuce reference</a> (commands of a closed connection are
 * buffered, those of an open one are answered in order).
 */
public final class RedisHealthCheck implements AsyncHealthCheck, AutoCloseable {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(800);

    private final Supplier<CompletableFuture<Link>> links;
    private final Runnable onClose;
    private final ScheduledExecutorService timer;

    private RedisHealthCheck(Supplier<CompletableFuture<Link>> links, Runnable onClose, ClientResources resources) {
        this.links = links;
        this.onClose = onClose;
        // always the same one: each of the group's threads is started by its first task
        this.timer = resources.eventExecutorGroup().next();
    }

    /**
     * Asks the server that {@code client} was created for, over a connection of the check's own.
     *
     * <p>Lettuce connects to a client's own URI only on a thread that waits for it. So while it connects, and only then,
     * there is one daemon thread more; {@link #of(RedisClient, RedisURI)} does without.
     *
     * @param client created with a {@link RedisURI}; without one each run is DOWN, reason {@code disconnected}. Stays
     *     the application's
     * @return the check, to be closed by whoever registers it, or by the registry
     */
    public static RedisHealthCheck of(RedisClient client) {
        requireNonNull(client, "client");
        return dialing(
                () -> onThreadOfItsOwn(() -> Link.over(client.connect(StringCodec.UTF8))), client.getResources());
    }

    /**
     * Asks the server at {@code uri}, over a connection of the check's own.
     *
     * @param client with or without a URI of its own; stays the application's
     * @param uri of one server, or of sentinels and the master that they watch
     * @return the check, to be closed by whoever registers it, or by the registry
     */
    public static RedisHealthCheck of(RedisClient client, RedisURI uri) {
        requireNonNull(client, "client");
        requireNonNull(uri, "uri");
        return dialing(() -> client.connectAsync(StringCodec.UTF8, uri).thenApply(Link::over), client.getResources());
    }

    /**
     * Asks a node of the cluster how the cluster is, over a connection of the check's own. If that cannot be opened, the
     * client's view of the cluster is refreshed and it is tried once more.
     *
     * @param client stays the application's
     * @return the check, to be closed by whoever registers it, or by the registry
     */
    public static RedisHealthCheck of(RedisClusterClient client) {
        requireNonNull(client, "client");
        return dialing(() -> connect(client).thenApply(Link::over), client.getResources());
    }

    /**
     * Asks over a connection of the application, for those who must not open another. Nothing else may be done with it
     * that changes or delays what a PING means: no MULTI (the PING becomes part of the transaction and shifts the results
     * of EXEC), no blocking commands such as BLPOP (the PING waits behind them: a false {@code timeout}), no pub/sub, and
     * no {@link StatefulRedisConnection#setAutoFlushCommands switched off auto-flush} (the PING is never sent). If the
     * connection is gone, it is for Lettuce to reconnect it; and a PING that the client gives up may be followed by
     * another.
     *
     * @param connection stays the application's: never closed by the check
     * @return the check; to close it does nothing
     */
    public static RedisHealthCheck of(StatefulRedisConnection<?, ?> connection) {
        return over(Link.over(requireNonNull(connection, "connection")), connection.getResources());
    }

    /**
     * Asks over a connection of the application, for those who must not open another. The same as
     * {@link #of(StatefulRedisConnection)}, with CLUSTER INFO for PING.
     *
     * @param connection as there
     * @return as there
     */
    public static RedisHealthCheck of(StatefulRedisClusterConnection<?, ?> connection) {
        return over(Link.over(requireNonNull(connection, "connection")), connection.getResources());
    }

    private static RedisHealthCheck dialing(
            Supplier<? extends CompletionStage<Link>> connect, ClientResources resources) {
        var dialer = new Dialer(connect);
        return new RedisHealthCheck(dialer::link, dialer::close, resources);
    }

    private static RedisHealthCheck over(Link link, ClientResources resources) {
        return new RedisHealthCheck(() -> CompletableFuture.completedFuture(link), () -> {}, resources);
    }

    /** Asks, with 800 ms to do so. See {@link #checkAsync(Deadline)}. */
    @Override
    public CompletionStage<CheckResult> checkAsync() {
        return checkAsync(Deadline.after(DEFAULT_TIMEOUT));
    }

    /**
     * Asks. Blocks for no longer than a name look-up takes.
     *
     * @return completes normally, always: on a thread of the client unless it is complete when returned. It is the
     *     caller's own: to cancel it touches nothing else
     */
    @Override
    public CompletionStage<CheckResult> checkAsync(Deadline deadline) {
        Duration limit = deadline.remaining().multipliedBy(85).dividedBy(100);
        CompletableFuture<Link> link = links.get();
        CompletableFuture<CheckResult> answer = link.thenCompose(Link::ask).exceptionally(Reply::notConnected);
        if (!answer.isDone()) {
            completeAfter(limit, answer, () -> silence(link, limit));
        }
        return answer;
    }

    /**
     * Proposes that the check is a dependency and that no thread is interrupted for it.
     *
     * @return the changed copy
     */
    @Override
    public CheckOptions options(CheckOptions defaults) {
        return defaults.dependency().interruptOnTimeout(false);
    }

    /**
     * Closes the check's own connection, without waiting for it; one that is being opened at this moment is closed as
     * soon as it is open. A check of a connection of the application's stays as it is. Idempotent.
     */
    @Override
    public void close() {
        onClose.run();
    }

    private static CheckResult silence(CompletableFuture<Link> link, Duration limit) {
        if (!link.isDone()) {
            return Reply.notConnected(limit);
        }
        return link.join().isOpen() ? Reply.unanswered(limit) : Reply.disconnected();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // of what is only to be told
    private void completeAfter(Duration limit, CompletableFuture<CheckResult> answer, Supplier<CheckResult> result) {
        try {
            Future<?> alarm =
                    timer.schedule(() -> answer.complete(result.get()), limit.toNanos(), TimeUnit.NANOSECONDS);
            answer.whenComplete((answered, thrown) -> alarm.cancel(false));
        } catch (RejectedExecutionException e) {
            // the client has been shut down: there will be an answer soon, or the caller's own deadline
        }
    }

    private static CompletionStage<StatefulRedisClusterConnection<String, String>> connect(RedisClusterClient client) {
        return client.connectAsync(StringCodec.UTF8)
                .exceptionallyCompose(
                        e -> // perhaps it has not looked for its nodes yet
                        client.refreshPartitionsAsync().thenCompose(done -> client.connectAsync(StringCodec.UTF8)));
    }

    private static CompletableFuture<Link> onThreadOfItsOwn(Supplier<Link> connect) {
        var link = new CompletableFuture<Link>();
        Runnable task = () -> {
            try {
                link.complete(connect.get());
            } catch (Throwable t) { // or no later run could connect
                link.completeExceptionally(t);
            }
        };
        var thread = new Thread(null, task, "healthcheck-redis-connect", 0, false);
        thread.setDaemon(true);
        thread.start();
        return link;
    }
}
