package dev.healthcheck.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.TcpProxy;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.Arguments;

/** Base of the tests with real servers: closes whatever they open, the last first. */
@Timeout(60)
abstract class RedisTest {
    /** Where a test is not about time, a busy machine has plenty of it. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    static final Duration SHORT = Duration.ofMillis(300);

    /**
     * Lettuce refuses a third command while two are unanswered or buffered, so no test can overlook a queue that grows.
     * Not a second, for it counts one for a moment longer than until it is answered.
     */
    static final ClientOptions SHORT_QUEUE =
            ClientOptions.builder().requestQueueSize(2).build();

    private static final Pattern PINGS = Pattern.compile("cmdstat_ping:calls=(\\d+)");
    private static final Pattern ID = Pattern.compile("^id=(\\d+)");

    private static final Set<Channel> channels = ConcurrentHashMap.newKeySet();

    static ClientResources resources;

    static {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
        Awaitility.setDefaultTimeout(LIMIT);
    }

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @BeforeAll
    static void startThreads() {
        channels.clear();
        resources = ClientResources.builder()
                .nettyCustomizer(new NettyCustomizer() {
                    @Override
                    public void afterChannelInitialized(Channel channel) {
                        channels.add(channel);
                    }
                })
                .build();
    }

    @AfterAll
    static void stopThreads() throws Exception {
        assertThat(resources.shutdown(0, 2, TimeUnit.SECONDS).get()).isTrue();
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** The ways in which a check comes to its connection. */
    enum Way {
        CLIENT,
        CLIENT_AND_URI,
        CONNECTION;

        RedisHealthCheck check(RedisClient client, RedisURI uri) {
            return switch (this) {
                case CLIENT -> RedisHealthCheck.of(client);
                case CLIENT_AND_URI -> RedisHealthCheck.of(client, uri);
                case CONNECTION -> RedisHealthCheck.of(client.connect());
            };
        }
    }

    /** Ways in which a server falls silent while its connections stay open. */
    enum Silence {
        FROZEN_SERVER,
        BLACK_HOLE;

        void begin(RedisServer server, TcpProxy network) {
            switch (this) {
                case FROZEN_SERVER -> server.freeze();
                case BLACK_HOLE -> network.freeze();
            }
        }

        void end(RedisServer server, TcpProxy network) throws IOException {
            switch (this) {
                case FROZEN_SERVER -> server.thaw();
                case BLACK_HOLE -> network.heal();
            }
        }
    }

    /** Ways in which connections end, until they are healed. */
    enum Break {
        STOPPED_SERVER,
        RESET,
        REFUSED;

        void begin(RedisServer server, TcpProxy network) throws IOException {
            switch (this) {
                case STOPPED_SERVER -> server.stop();
                case RESET -> network.reset();
                case REFUSED -> network.refuse();
            }
        }

        void end(RedisServer server, TcpProxy network) throws IOException {
            switch (this) {
                case STOPPED_SERVER -> server.start();
                case RESET, REFUSED -> network.heal();
            }
        }
    }

    static Stream<Arguments> waysAndSilences() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(Silence.values()).map(silence -> Arguments.of(way, silence)));
    }

    static Stream<Arguments> waysAndBreaks() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(Break.values()).map(breaking -> Arguments.of(way, breaking)));
    }

    static Stream<Arguments> ownWaysAndSilences() {
        return waysAndSilences().filter(arguments -> arguments.get()[0] != Way.CONNECTION);
    }

    static Stream<Arguments> ownWaysAndBreaks() {
        return waysAndBreaks().filter(arguments -> arguments.get()[0] != Way.CONNECTION);
    }

    final RedisServer server(String... arguments) {
        return closing(RedisServer.started(arguments));
    }

    final TcpProxy proxy(RedisServer server) throws IOException {
        return closing(TcpProxy.to(server.port()));
    }

    static RedisURI uri(TcpProxy proxy) {
        return RedisURI.create("127.0.0.1", proxy.port());
    }

    final RedisClient client(RedisURI uri) {
        return client(uri, SHORT_QUEUE);
    }

    final RedisClient client(RedisURI uri, ClientOptions options) {
        RedisClient client = closing(RedisClient.create(resources, uri));
        client.setOptions(options);
        return client;
    }

    final RedisHealthCheck check(Way way, RedisURI uri) {
        return closing(way.check(client(uri), uri));
    }

    /** The one of them that most tests use. */
    final RedisHealthCheck check(RedisURI uri) {
        return check(Way.CLIENT_AND_URI, uri);
    }

    final StatefulRedisConnection<String, String> connection(RedisServer server) {
        return closing(client(server.uri()).connect());
    }

    final RedisCommands<String, String> admin(RedisServer server) {
        return admin(server.uri());
    }

    final RedisCommands<String, String> admin(RedisURI server) {
        RedisURI uri = RedisURI.builder(server).withClientName("admin").build();
        return closing(client(uri).connect()).sync();
    }

    final <T extends AutoCloseable> T closing(T closeable) {
        open.push(closeable);
        return closeable;
    }

    static CheckResult run(RedisHealthCheck check) throws Exception {
        return check.check(Deadline.after(LIMIT));
    }

    static CompletableFuture<CheckResult> start(RedisHealthCheck check, Duration limit) {
        return check.checkAsync(Deadline.after(limit)).toCompletableFuture();
    }

    static void assertUp(CheckResult result) {
        assertFound(result, Status.UP, null);
    }

    static void assertDown(CheckResult result, String reason) {
        assertFound(result, Status.DOWN, reason);
    }

    static void assertDegraded(CheckResult result, String reason) {
        assertFound(result, Status.DEGRADED, reason);
    }

    static void awaitUp(RedisHealthCheck check) {
        awaitFound(check, Status.UP, null);
    }

    static void awaitDegraded(RedisHealthCheck check, String reason) {
        awaitFound(check, Status.DEGRADED, reason);
    }

    static void awaitDown(RedisHealthCheck check, String reason) {
        awaitFound(check, Status.DOWN, reason);
    }

    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(40));
    }

    /** Asks with the time that a registry gives: a command that is lost with its connection is waited for no longer. */
    static CheckResult ask(RedisHealthCheck check) throws Exception {
        return start(check, Duration.ofMillis(800)).join();
    }

    private static void awaitFound(RedisHealthCheck check, Status status, @Nullable String reason) {
        patiently().untilAsserted(() -> assertFound(ask(check), status, reason));
    }

    static void spin(long nanos) {
        long begunAt = System.nanoTime();
        while (System.nanoTime() - begunAt < nanos) {
            Thread.onSpinWait();
        }
    }

    /** Returns the number of commands that Lettuce has sent and that have no answer yet. */
    static int unanswered() {
        return channels.stream()
                .map(channel -> channel.pipeline().get(CommandHandler.class))
                .filter(Objects::nonNull)
                .mapToInt(handler -> handler.getStack().size())
                .sum();
    }

    static long pings(RedisCommands<String, String> admin) {
        Matcher pings = PINGS.matcher(admin.info("commandstats"));
        return pings.find() ? Long.parseLong(pings.group(1)) : 0;
    }

    static long connectionsEver(RedisCommands<String, String> admin) {
        return number(admin, "total_connections_received");
    }

    static long majorVersion(RedisCommands<String, String> admin) {
        return number(admin, "redis_version");
    }

    static long number(RedisCommands<String, String> admin, String key) {
        Matcher number = Pattern.compile(key + ":(\\d+)").matcher(admin.info());
        assertThat(number.find()).as(key).isTrue();
        return Long.parseLong(number.group(1));
    }

    static List<String> connections(RedisCommands<String, String> admin) {
        return admin.clientList().lines().toList();
    }

    /** By id, without that of the administrator. */
    static List<Long> ownConnections(RedisCommands<String, String> admin) {
        var ids = new ArrayList<Long>();
        for (String connection : connections(admin)) {
            Matcher id = ID.matcher(connection);
            if (id.find() && !connection.contains("name=admin")) {
                ids.add(Long.parseLong(id.group(1)));
            }
        }
        return ids;
    }

    static void assertFound(CheckResult result, Status status, @Nullable String reason) {
        assertThat(result.status())
                .as("%s, because of %s", result, result.cause())
                .isEqualTo(status);
        assertThat(result.reason()).isEqualTo(reason);
    }
}
