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
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Asks Redis whether it answers: a PING, or CLUSTER INFO where the client is one for clusters, because no node refuses
 * a PING for the state of its cluster. Thread-safe, holds no thread while it waits, and completes by itself after 85 %
 * of its time at the latest. Works with Lettuce 6.2 and newer.
 *
 * <p>One connection is opened at the first run and kept for all others; if it is gone, the next run opens another. It
 * is closed with the check: by {@link #close()}, when the check is unregistered, or with the registry. The client is
 * the application's and never closed; it should be shut down after the registry. At most one command is unanswered on
 * the connection, however many runs ask and however long Redis is silent. Once it has been silent for 10 seconds, or for
 * the client's command timeout if that is shorter, the next run opens another connection.
 *
 * <p>{@link dev.healthcheck.Status#UP} if Redis answers, also if it answers that this user may not ask ({@code NOPERM});
 * the detail {@code answer} says so then. Else the reason is one of these.
 *
 * <table>
 * <caption>Reasons; {@code DOWN} if not said</caption>
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
 * <tr><td>{@code slots}</td><td>{@code DEGRADED}: a cluster that need not cover all slots
 *     ({@code cluster-require-full-coverage no}) does not serve all; of any other, the moment before
 *     {@code cluster-down}</td></tr>
 * <tr><td>{@code memory}</td><td>{@code DEGRADED}: see {@link #memoryBelow}</td></tr>
 * <tr><td>{@code replica-link}, {@code replica-lag}</td><td>{@code DEGRADED}: see {@link #replicaWithin}</td></tr>
 * <tr><td>{@code no-info}</td><td>{@code DEGRADED}: Redis answers, but not what one of these two asks for: the user may
 *     not run INFO, or INFO is without it</td></tr>
 * </table>
 *
 * <p>Causes hold hosts and perhaps users, and are private. The check is a {@linkplain CheckOptions#dependency()
 * dependency} and not interrupted; all other options are those of the registry.
 *
 * <p>The rules stand in the <a href="https://redis.io/docs/latest/commands/">Redis command reference</a> (PING, INFO,
 * CLUSTER INFO), in its pages on <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/">ACL</a>
 * and on the <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors">protocol</a> (the
 * first word of an error is its kind), and in the
 * <a href="https://redis.github.io/lettuce/advanced-usage/">Lettuce reference</a> (commands of a closed connection are
 * buffered, those of an open one are answered in order).
 */
@CheckReturnValue
public final class RedisHealthCheck implements AsyncHealthCheck, AutoCloseable {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(800);

    private final Supplier<ConnectionProvider> providers;
    private final ConnectionProvider provider;
    private final ScheduledExecutorService timer;
    /** By section of INFO. */
    private final Map<String, Function<Info, CheckResult>> rules;

    private RedisHealthCheck(
            Supplier<ConnectionProvider> providers,
            ScheduledExecutorService timer,
            Map<String, Function<Info, CheckResult>> rules) {
        this.providers = providers;
        this.provider = providers.get();
        this.timer = timer;
        this.rules = rules;
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
        return connecting(
                () -> onThreadOfItsOwn(() -> RedisLink.over(client.connect(StringCodec.UTF8))), client.getResources());
    }

    /**
     * Asks the server at {@code uri}, over a connection of the check's own.
     *
     * @param client with or without a URI of its own; stays the application's
     * @param uri of one server, or of sentinels and the master that they watch
     * @return the check, to be closed by whoever registers it, or by the registry
     */
    public static RedisHealthCheck of(RedisClient client, RedisURI uri) {
        return of(client, uri, System::nanoTime);
    }

    static RedisHealthCheck of(RedisClient client, RedisURI uri, LongSupplier nanos) {
        requireNonNull(client, "client");
        requireNonNull(uri, "uri");
        return connecting(
                () -> client.connectAsync(StringCodec.UTF8, uri)
                        .thenApply(connection -> RedisLink.over(connection, nanos)),
                client.getResources());
    }

    /**
     * Asks a node of the cluster how the cluster is, over a connection of the check's own. If that cannot be opened, the
     * client's view of the cluster is refreshed and it is tried once more.
     *
     * <p>The node says what it sees. One that does not reach most of the masters says {@code cluster-down} even if the
     * others go on without it; it refuses all keys then, so an application that still sends it some is affected, too.
     *
     * @param client stays the application's
     * @return the check, to be closed by whoever registers it, or by the registry
     */
    public static RedisHealthCheck of(RedisClusterClient client) {
        requireNonNull(client, "client");
        return connecting(() -> connect(client).thenApply(RedisLink::over), client.getResources());
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
        requireNonNull(connection, "connection");
        return from(() -> ConnectionProvider.of(RedisLink.over(connection)), connection.getResources());
    }

    /**
     * Asks over a connection of the application, for those who must not open another. The same as
     * {@link #of(StatefulRedisConnection)}, with CLUSTER INFO for PING.
     *
     * @param connection as there
     * @return as there
     */
    public static RedisHealthCheck of(StatefulRedisClusterConnection<?, ?> connection) {
        requireNonNull(connection, "connection");
        return from(() -> ConnectionProvider.of(RedisLink.over(connection)), connection.getResources());
    }

    /**
     * Is {@code DEGRADED}, reason {@code memory}, when Redis uses more than this share of its {@code maxmemory}. Not
     * where that is zero, which is no limit, and not where the eviction policy is one of {@code allkeys-*}: to be full
     * is what such a cache is for. The other policies refuse writes when nothing is left that they may evict.
     *
     * <p>Costs an {@code INFO memory} after each PING. Of a cluster, one node is asked.
     *
     * @param share above 0, at most 1
     * @return the changed copy. It has a connection of its own, or will have: close that of the two which is used
     * @throws IllegalArgumentException if {@code share} is not within its bounds
     */
    public RedisHealthCheck memoryBelow(double share) {
        require(share > 0 && share <= 1, "share", share, "> 0 and <= 1");
        return with("memory", Info.memoryBelow(share));
    }

    /**
     * Is {@code DEGRADED} when a replica may be further behind its master than this: reason {@code replica-link} when it
     * has no link to it, because it cannot say then how far behind it is, and {@code replica-lag} when the link is open
     * but the last word came longer ago. A master is not concerned; after a failover either may be the other.
     *
     * <p>A master that has nothing else to say sends a word every {@code repl-ping-replica-period}, 10 seconds if not
     * configured; {@code limit} should be longer. Costs an {@code INFO replication} after each PING. Of a cluster, one
     * node is asked.
     *
     * @param limit one second or more, for INFO counts in seconds
     * @return the changed copy. It has a connection of its own, or will have: close that of the two which is used
     * @throws IllegalArgumentException if {@code limit} is too short
     */
    public RedisHealthCheck replicaWithin(Duration limit) {
        require(requireNonNull(limit, "limit").compareTo(Duration.ofSeconds(1)) >= 0, "limit", limit, ">= PT1S");
        return with("replication", Info.replicaWithin(limit));
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
        Duration limit = deadline.ownBudget();
        CompletableFuture<RedisLink> link = provider.link();
        CompletableFuture<CheckResult> answer =
                link.thenCompose(open -> open.ask(rules)).exceptionally(ErrorReplies::notConnected);
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
        provider.close();
    }

    private static RedisHealthCheck connecting(
            Supplier<? extends CompletionStage<RedisLink>> connect, ClientResources resources) {
        return from(() -> new Connector(connect), resources);
    }

    private static RedisHealthCheck from(Supplier<ConnectionProvider> providers, ClientResources resources) {
        // always the same one: each of the group's threads is started by its first task
        return new RedisHealthCheck(providers, resources.eventExecutorGroup().next(), Map.of());
    }

    private RedisHealthCheck with(String section, Function<Info, CheckResult> rule) {
        var changed = new TreeMap<>(rules);
        changed.put(section, rule);
        return new RedisHealthCheck(providers, timer, changed);
    }

    private static CheckResult silence(CompletableFuture<RedisLink> link, Duration limit) {
        if (!link.isDone()) {
            return ErrorReplies.notConnected(limit);
        }
        return link.join().isOpen() ? ErrorReplies.unanswered(limit) : ErrorReplies.disconnected();
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

    private static CompletableFuture<RedisLink> onThreadOfItsOwn(Supplier<RedisLink> connect) {
        var link = new CompletableFuture<RedisLink>();
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

    private static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
