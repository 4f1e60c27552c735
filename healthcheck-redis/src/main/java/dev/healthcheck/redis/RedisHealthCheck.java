package dev.healthcheck.redis;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.AsyncHealthCheck;
import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks Redis whether it answers. It sends a PING, or CLUSTER INFO to a cluster, because a node answers PING whatever the
 * state of its cluster is. Thread-safe. It holds no thread while it waits, and completes by itself within
 * {@link Deadline#ownBudget()}. Works with Lettuce 6.2 and newer.
 *
 * <p>The first run opens one connection, and all later runs use it. If it is gone, the next run opens another. The
 * connection is closed with the check: by {@link #close()}, when the check is unregistered, or with the registry. The check
 * never closes the client, which is the application's; the application should shut it down after the registry. At most one
 * command is unanswered on the connection, however many runs ask and however long Redis is silent. When Redis has been
 * silent for 10 seconds, or for the client's command timeout if that is shorter, the next run opens another connection.
 *
 * <p>{@link dev.healthcheck.Status#UP} means that Redis answers. An answer that this user may not ask ({@code NOPERM}), or
 * that a proxy does not know the command, is an answer, too; the detail {@code answer} then contains it. Otherwise the
 * reason is one of these.
 *
 * <table>
 * <caption>Reasons; the status is {@code DOWN} unless the table says {@code DEGRADED}</caption>
 * <tr><th>reason</th><th>what happened</th></tr>
 * <tr><td>{@code connecting}</td><td>the first connection has been opening for less than 10 seconds, and no attempt has
 *     failed: a JVM that has just started needs this time to load the client</td></tr>
 * <tr><td>{@code disconnected}</td><td>there is no connection, and none could be opened in time</td></tr>
 * <tr><td>{@code timeout}</td><td>the connection is open, and no answer came in time</td></tr>
 * <tr><td>{@code no-client}</td><td>see {@link #of(Supplier)}</td></tr>
 * <tr><td>{@code too-many-connections}</td><td>Redis has reached {@code maxclients}</td></tr>
 * <tr><td>{@code auth}</td><td>{@code NOAUTH}, {@code WRONGPASS}; {@code NOPERM} for a command that opens a
 *     connection</td></tr>
 * <tr><td>{@code loading}</td><td>{@code LOADING}: Redis reads its data set from disk</td></tr>
 * <tr><td>{@code busy}</td><td>{@code BUSY}: a script or function has been running for too long</td></tr>
 * <tr><td>{@code master-down}</td><td>{@code MASTERDOWN}: a replica has lost its master and must not serve stale data.
 *     Before Redis 7 such a replica answers a PING</td></tr>
 * <tr><td>{@code read-only}</td><td>{@code MISCONF}: Redis cannot save its data set, so it refuses writes; see also
 *     {@link #requireWritable}</td></tr>
 * <tr><td>{@code cluster-down}</td><td>{@code CLUSTERDOWN}, or {@code cluster_state:fail} in CLUSTER INFO: slots are
 *     not served, or the node does not reach most masters</td></tr>
 * <tr><td>{@code error-reply}</td><td>any other error reply</td></tr>
 * <tr><td>{@code slots}</td><td>{@code DEGRADED}: the cluster does not serve all slots, and need not
 *     ({@code cluster-require-full-coverage no}). Other clusters say this for a moment before
 *     {@code cluster-down}</td></tr>
 * <tr><td>{@code memory}</td><td>{@code DEGRADED}: see {@link #memoryBelow}; {@code DOWN}: see
 *     {@link #requireWritable}</td></tr>
 * <tr><td>{@code replica-link}, {@code replica-lag}</td><td>{@code DEGRADED}: see {@link #replicaWithin}</td></tr>
 * <tr><td>{@code no-info}</td><td>{@code DEGRADED}: Redis does not say what a setting needs: the user may not run the
 *     command, or INFO lacks the field</td></tr>
 * </table>
 *
 * <p>The detail of a server is {@code version}. The server tells it when the connection is opened, to clients that speak
 * RESP3; this is the default of Lettuce, which keeps it since version 6.3. The details of a cluster are
 * {@code cluster_size}, {@code slots_up} and {@code slots_fail}, as the node counts them.
 *
 * <p>Causes contain hosts and perhaps users, and are sensitive. The check proposes to be a
 * {@linkplain CheckOptions#dependency() dependency} and not to be interrupted; all other options are those of the registry.
 *
 * <p>The rules come from the <a href="https://redis.io/docs/latest/commands/">Redis command reference</a> (PING, INFO,
 * CLUSTER INFO), from its pages on <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/">ACL</a>
 * and on the <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors">protocol</a> (the
 * first word of an error is its kind), and from the
 * <a href="https://redis.github.io/lettuce/advanced-usage/">Lettuce reference</a> (Lettuce buffers the commands of a closed
 * connection, and Redis answers those of an open one in order).
 */
@CheckReturnValue
public final class RedisHealthCheck implements AsyncHealthCheck, AutoCloseable {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(800);

    private final Supplier<ClientSource> sources;
    private final ClientSource source;
    private final Map<Setting, RedisLink.Look> looks;

    private RedisHealthCheck(Supplier<ClientSource> sources, Map<Setting, RedisLink.Look> looks) {
        this.sources = sources;
        this.source = sources.get();
        this.looks = looks;
    }

    /** In the order of the looks: those that find a failure come before those that warn. */
    private enum Setting {
        WRITABLE,
        MEMORY,
        REPLICA
    }

    /**
     * Asks the server that {@code client} was created for, over a connection of the check's own.
     *
     * <p>Lettuce blocks the calling thread while it connects to a client's own URI. The check therefore uses one daemon
     * thread while it connects. {@link #of(RedisClient, RedisURI)} needs no thread.
     *
     * @param client created with a {@link RedisURI}; without one each run is DOWN, reason {@code disconnected}. The check
     *     never closes it
     * @return the check; the registry closes it when it is unregistered
     */
    public static RedisHealthCheck of(RedisClient client) {
        requireNonNull(client, "client");
        return connecting(() -> connector(client));
    }

    /**
     * Asks the server at {@code uri}, over a connection of the check's own.
     *
     * @param client with or without a URI of its own; the check never closes it
     * @param uri of one server, or of sentinels and the master that they watch
     * @return the check; the registry closes it when it is unregistered
     */
    public static RedisHealthCheck of(RedisClient client, RedisURI uri) {
        return of(client, uri, System::nanoTime);
    }

    static RedisHealthCheck of(RedisClient client, RedisURI uri, LongSupplier nanos) {
        requireNonNull(client, "client");
        requireNonNull(uri, "uri");
        return connecting(() -> new Connector(
                () -> client.connectAsync(StringCodec.UTF8, uri)
                        .thenApply(connection -> RedisLink.over(connection, nanos)),
                timer(client.getResources()),
                nanos));
    }

    /**
     * Asks a node of the cluster for the state of the cluster, over a connection of the check's own. If that connection
     * cannot be opened, the check refreshes the client's view of the cluster and tries once more.
     *
     * <p>The node says what it sees. A node that does not reach most of the masters says {@code cluster-down} even if the
     * others go on without it. It then refuses all keys, so an application that still uses it is affected, too.
     *
     * @param client the check never closes it
     * @return the check; the registry closes it when it is unregistered
     */
    public static RedisHealthCheck of(RedisClusterClient client) {
        requireNonNull(client, "client");
        return connecting(() -> connector(client));
    }

    /**
     * Asks over a connection of the check's own, by the client that {@code client} supplies, for applications that replace
     * their client. For example, Spring shuts its client down when it pauses the application's context and creates another
     * when it goes on:
     *
     * <pre>{@code
     * health.register("cache", RedisHealthCheck.of(connectionFactory::getNativeClient));
     * }</pre>
     *
     * <p>Each run calls the supplier, on the registry's thread. If it returns another client than before, the check closes
     * its connection and connects by the new client, to the client's own URI or cluster. The supplier should return the
     * same client until the application replaces it; it must not create one for each call. If it throws, returns null or
     * does not return in time, the run is DOWN, reason {@code no-client}. A call that never returns costs what a check that
     * never returns costs: one thread, and never more than three.
     *
     * @param client supplies a {@link RedisClient} or a {@link RedisClusterClient}; the check never closes one
     * @return the check; the registry closes it when it is unregistered
     */
    public static RedisHealthCheck of(Supplier<? extends @Nullable AbstractRedisClient> client) {
        requireNonNull(client, "client");
        return new RedisHealthCheck(() -> new SuppliedClient(client, RedisHealthCheck::connector), Map.of());
    }

    /**
     * Asks over a connection of the application, for applications that must not open another. While the check is in use the
     * application must not change or delay a PING on that connection:
     *
     * <ul>
     *   <li>no MULTI: the PING becomes part of the transaction and shifts the results of EXEC;
     *   <li>no blocking commands such as BLPOP: the PING waits behind them, which is a false {@code timeout};
     *   <li>no pub/sub;
     *   <li>no {@linkplain StatefulRedisConnection#setAutoFlushCommands switched off auto-flush}: the PING is never sent.
     * </ul>
     *
     * If the connection is gone, Lettuce has to reconnect it. After a PING that the client gave up, the check may send
     * another.
     *
     * @param connection the check never closes it
     * @return the check; its {@code close} does nothing
     */
    public static RedisHealthCheck of(StatefulRedisConnection<?, ?> connection) {
        requireNonNull(connection, "connection");
        return lent(() -> RedisLink.over(connection), connection.getResources());
    }

    /**
     * Asks over a connection of the application, for applications that must not open another. The rules of
     * {@link #of(StatefulRedisConnection)} hold; the command is CLUSTER INFO instead of PING.
     *
     * @param connection the check never closes it
     * @return the check; its {@code close} does nothing
     */
    public static RedisHealthCheck of(StatefulRedisClusterConnection<?, ?> connection) {
        requireNonNull(connection, "connection");
        return lent(() -> RedisLink.over(connection), connection.getResources());
    }

    /**
     * Returns a check that is {@code DOWN} when Redis takes no writes. Default: not checked. The reason is
     *
     * <ul>
     *   <li>{@code read-only} for a replica, such as a master that a fail-over has demoted while the application stayed
     *       connected. A replica that accepts writes ({@code replica-read-only no}) is no exception: it loses them;
     *   <li>{@code read-only} for a master that has too few replicas ({@code NOREPLICAS}, see
     *       {@code min-replicas-to-write}) or cannot save its data set ({@code MISCONF}, see
     *       {@code stop-writes-on-bgsave-error});
     *   <li>{@code memory} for a master whose {@code maxmemory} is used up and that may evict nothing ({@code OOM}).
     * </ul>
     *
     * <p>The check writes nothing. After the PING it looks for the role in {@code INFO replication}. Then it sends
     * {@code SETRANGE healthcheck:writable 0 ""}: Redis refuses this command whenever it refuses writes, and otherwise
     * creates and changes no key. In a cluster it asks for no role, because the client leaves a demoted master by itself,
     * and sends SETRANGE to each master, with keys of the form {@code healthcheck:writable:7}. It then has a connection to
     * each master. The detail {@code node} names the master that takes no writes.
     *
     * <p>The user of the check needs the permissions {@code +info +setrange ~healthcheck:*}. If one is missing
     * ({@code NOPERM}), or the server does not know a command, the check is {@code DEGRADED}, reason {@code no-info}.
     *
     * @return the changed copy. It opens a connection of its own, so close the original if you have used it
     */
    public RedisHealthCheck requireWritable() {
        return with(Setting.WRITABLE, RedisLink::writable);
    }

    /**
     * Returns a check that is {@code DEGRADED}, reason {@code memory}, when Redis uses more than this share of its
     * {@code maxmemory}. The check ignores a {@code maxmemory} of zero, which is no limit, and the eviction policies
     * {@code allkeys-*}: a full cache that may evict everything is healthy. The other policies refuse writes when nothing
     * is left that they may evict. Default: not checked.
     *
     * <p>Costs an {@code INFO memory} after each PING. In a cluster it judges the node that is asked.
     *
     * @param share above 0, at most 1
     * @return the changed copy. It opens a connection of its own, so close the original if you have used it
     * @throws IllegalArgumentException if {@code share} is out of bounds
     */
    public RedisHealthCheck memoryBelow(double share) {
        require(share > 0 && share <= 1, "share", share, "> 0 and <= 1");
        Function<Info, CheckResult> rule = Info.memoryBelow(share);
        return with(Setting.MEMORY, link -> link.info("memory", rule));
    }

    /**
     * Returns a check that is {@code DEGRADED} when a replica may be further behind its master than this. The reason is
     * {@code replica-link} if the replica has no link to its master: it cannot say how far behind it is. The reason is
     * {@code replica-lag} if the link is open, but the replica has heard nothing for longer than {@code limit}. The check
     * ignores this on a master, which may become a replica at a fail-over. Default: not checked.
     *
     * <p>An idle master sends something every {@code repl-ping-replica-period}, by default 10 seconds; {@code limit}
     * should be longer. Costs an {@code INFO replication} after each PING. In a cluster it judges the node that is asked.
     *
     * @param limit at least one second, because INFO counts in seconds
     * @return the changed copy. It opens a connection of its own, so close the original if you have used it
     * @throws IllegalArgumentException if {@code limit} is too short
     */
    public RedisHealthCheck replicaWithin(Duration limit) {
        require(requireNonNull(limit, "limit").compareTo(Duration.ofSeconds(1)) >= 0, "limit", limit, ">= PT1S");
        Function<Info, CheckResult> rule = Info.replicaWithin(limit);
        return with(Setting.REPLICA, link -> link.info("replication", rule));
    }

    /** Asks within 800 ms. See {@link #checkAsync(Deadline)}. */
    @Override
    public CompletionStage<CheckResult> checkAsync() {
        return checkAsync(Deadline.after(DEFAULT_TIMEOUT));
    }

    /**
     * Asks within {@link Deadline#ownBudget()}. Blocks for no longer than a name look-up takes.
     *
     * @return a stage that always completes normally, on a thread of the client unless it is complete on return. It is the
     *     caller's own: a caller that cancels it changes nothing else
     */
    @Override
    public CompletionStage<CheckResult> checkAsync(Deadline deadline) {
        ConnectionProvider connections;
        try {
            connections = source.current(deadline);
        } catch (Throwable t) { // whatever the application's supplier throws
            return CompletableFuture.completedFuture(ErrorReplies.noClient(t));
        }
        return checkAsync(connections, deadline);
    }

    private CompletableFuture<CheckResult> checkAsync(ConnectionProvider connections, Deadline deadline) {
        Duration limit = deadline.ownBudget();
        deadline.ifMissed(connections.unopened(deadline.remaining())); // Lettuce may load its classes on this thread
        CompletableFuture<RedisLink> link = connections.link();
        CompletableFuture<CheckResult> answer =
                link.thenCompose(open -> open.ask(looks.values())).exceptionally(ErrorReplies::notConnected);
        if (!answer.isDone()) {
            deadline.ifMissed(silence(connections, link, deadline.remaining()));
            completeAfter(limit, connections, answer, () -> silence(connections, link, limit));
        }
        return answer;
    }

    /**
     * Proposes that the check is a dependency and that the registry interrupts no thread for it.
     *
     * @return the changed copy
     */
    @Override
    public CheckOptions options(CheckOptions defaults) {
        return defaults.dependency().interruptOnTimeout(false);
    }

    /**
     * Closes the check's own connection, and does not wait for that. A connection that is being opened is closed as soon as
     * it is open. A connection of the application stays open. Idempotent.
     */
    @Override
    public void close() {
        source.close();
    }

    private static RedisHealthCheck connecting(Supplier<Connector> connectors) {
        return new RedisHealthCheck(() -> ClientSource.of(connectors.get()), Map.of());
    }

    private static RedisHealthCheck lent(Supplier<RedisLink> links, ClientResources resources) {
        ScheduledExecutorService timer = timer(resources);
        return new RedisHealthCheck(() -> ClientSource.of(ConnectionProvider.of(links.get(), timer)), Map.of());
    }

    private static Connector connector(AbstractRedisClient client) {
        if (client instanceof RedisClient single) {
            return connector(() -> onThreadOfItsOwn(() -> RedisLink.over(single.connect(StringCodec.UTF8))), client);
        }
        if (client instanceof RedisClusterClient cluster) {
            return connector(() -> connect(cluster).thenApply(RedisLink::over), client);
        }
        throw new IllegalArgumentException(
                "client: " + client.getClass().getName() + " (expected: RedisClient or RedisClusterClient)");
    }

    private static Connector connector(
            Supplier<? extends CompletionStage<RedisLink>> connect, AbstractRedisClient client) {
        return new Connector(connect, timer(client.getResources()), System::nanoTime);
    }

    /** Returns one thread for all runs, because the group starts each thread at its first task. */
    private static ScheduledExecutorService timer(ClientResources resources) {
        return resources.eventExecutorGroup().next();
    }

    private RedisHealthCheck with(Setting setting, RedisLink.Look look) {
        var changed = new EnumMap<Setting, RedisLink.Look>(Setting.class);
        changed.putAll(looks);
        changed.put(setting, look);
        return new RedisHealthCheck(sources, changed);
    }

    private static CheckResult silence(
            ConnectionProvider connections, CompletableFuture<RedisLink> link, Duration limit) {
        if (!link.isDone()) {
            return connections.unopened(limit);
        }
        return link.join().isOpen() ? ErrorReplies.unanswered(limit) : ErrorReplies.disconnected();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the last stage only cancels the alarm
    private static void completeAfter(
            Duration limit,
            ConnectionProvider connections,
            CompletableFuture<CheckResult> answer,
            Supplier<CheckResult> result) {
        try {
            Future<?> alarm = connections
                    .timer()
                    .schedule(() -> answer.complete(result.get()), limit.toNanos(), TimeUnit.NANOSECONDS);
            answer.whenComplete((answered, thrown) -> alarm.cancel(false));
        } catch (RejectedExecutionException e) {
            // the client has been shut down: its commands fail soon, or the caller's deadline ends the run
        }
    }

    private static CompletionStage<StatefulRedisClusterConnection<String, String>> connect(RedisClusterClient client) {
        return client.connectAsync(StringCodec.UTF8)
                .exceptionallyCompose(
                        e -> // the client may not have looked for its nodes yet
                        client.refreshPartitionsAsync().thenCompose(done -> client.connectAsync(StringCodec.UTF8)));
    }

    private static CompletableFuture<RedisLink> onThreadOfItsOwn(Supplier<RedisLink> connect) {
        var link = new CompletableFuture<RedisLink>();
        Runnable task = () -> {
            try {
                link.complete(connect.get());
            } catch (Throwable t) { // otherwise no later run could connect
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
