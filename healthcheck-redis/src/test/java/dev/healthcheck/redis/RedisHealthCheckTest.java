package dev.healthcheck.redis;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the check says of real servers, and what it does to them. */
@Timeout(60)
class RedisHealthCheckTest {
    /** Where a test is not about time, a busy machine has plenty of it. */
    private static final Duration LIMIT = ofSeconds(30);

    private static final Duration SHORT = ofMillis(300);
    private static final Pattern PINGS = Pattern.compile("cmdstat_ping:calls=(\\d+)");

    private static ClientResources resources;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @BeforeAll
    static void startThreads() {
        resources = ClientResources.create();
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

    @ParameterizedTest
    @EnumSource
    void a_server_that_answers_is_up(Way way) throws Exception {
        var server = server();
        var check = check(way, server);

        assertUp(run(check));
        await().untilAsserted(
                        () -> assertUp(check.checkAsync().toCompletableFuture().get()));
    }

    @ParameterizedTest
    @EnumSource
    void a_stopped_server_is_disconnected_at_once_and_up_again_when_it_is_back(Way way) throws Exception {
        var server = server();
        var check = check(way, server);
        assertUp(run(check));

        server.stop();
        long stoppedAt = System.nanoTime();
        assertThat(run(check).reason()).isEqualTo("disconnected");
        assertThat(run(check).reason()).isEqualTo("disconnected");
        assertThat(since(stoppedAt)).isLessThan(ofSeconds(2));

        server.start();
        await().untilAsserted(() -> assertUp(run(check)));
    }

    @ParameterizedTest
    @EnumSource(names = {"CLIENT", "CLIENT_AND_URI"})
    void a_server_that_is_not_there_at_first_is_disconnected_until_it_is(Way way) throws Exception {
        var server = server();
        server.stop();
        var check = check(way, server);

        assertThat(run(check).reason()).isEqualTo("disconnected");
        assertThat(run(check).cause()).isNotNull();

        server.start();
        assertUp(run(check));
    }

    @ParameterizedTest
    @EnumSource
    void a_frozen_server_is_down_in_time_and_sent_one_ping_however_many_ask(Way way) throws Exception {
        var server = server();
        var admin = admin(server);
        var check = check(way, server);
        assertUp(run(check));
        long before = pings(admin);

        server.freeze();
        for (int i = 0; i < 6; i++) {
            long askedAt = System.nanoTime();
            var together =
                    IntStream.range(0, 10).mapToObj(n -> start(check, SHORT)).toList();
            together.forEach(answer -> assertThat(answer.join().reason()).isEqualTo("timeout"));
            assertThat(since(askedAt)).isBetween(ofMillis(250), ofSeconds(2));
        }
        server.thaw();

        await().until(() -> pings(admin) == before + 1);
        assertUp(run(check));
        assertThat(pings(admin)).isEqualTo(before + 2);
    }

    @Test
    void a_cancelled_run_leaves_the_ping_to_the_next() throws Exception {
        var server = server();
        var admin = admin(server);
        var check = check(Way.CLIENT_AND_URI, server);
        assertUp(run(check));
        long before = pings(admin);

        server.freeze();
        for (int i = 0; i < 20; i++) {
            assertThat(start(check, LIMIT).cancel(true)).isTrue();
        }
        var last = start(check, ofSeconds(30));
        server.thaw();

        assertUp(last.join());
        assertThat(pings(admin)).isEqualTo(before + 1);
    }

    @Test
    void a_server_that_is_killed_while_it_is_frozen_is_disconnected() throws Exception {
        var server = server();
        var check = check(Way.CLIENT_AND_URI, server);
        assertUp(run(check));

        server.freeze();
        assertThat(start(check, SHORT).join().reason()).isEqualTo("timeout");
        server.stop();
        assertThat(run(check).reason()).isEqualTo("disconnected");
        server.start();
        assertUp(run(check));
    }

    @Test
    void a_connection_on_which_the_client_gave_a_ping_up_is_replaced() throws Exception {
        var server = server();
        var admin = admin(server);
        var client = client(server);
        client.setOptions(ClientOptions.builder()
                .timeoutOptions(TimeoutOptions.enabled(ofMillis(500)))
                .build());
        var check = closing(RedisHealthCheck.of(client, server.uri()));
        assertUp(run(check));
        var first = ownConnections(admin);

        server.freeze();
        assertThat(run(check).reason()).isEqualTo("timeout");
        assertThat(start(check, SHORT).join().reason()).isEqualTo("disconnected");
        server.thaw();

        await().untilAsserted(() -> assertUp(run(check)));
        await().untilAsserted(() -> assertThat(ownConnections(admin)).hasSize(1));
        assertThat(ownConnections(admin)).doesNotContainAnyElementsOf(first);
    }

    @ParameterizedTest
    @EnumSource(names = {"CLIENT", "CLIENT_AND_URI"})
    void connects_once_however_many_ask_while_it_takes_long(Way way) throws Exception {
        var server = server();
        var admin = admin(server);
        var check = check(way, server);
        long before = connectionsEver(admin);

        server.freeze();
        for (int i = 0; i < 6; i++) {
            long askedAt = System.nanoTime();
            var together =
                    IntStream.range(0, 10).mapToObj(n -> start(check, SHORT)).toList();
            together.forEach(answer -> assertThat(answer.join().reason()).isEqualTo("disconnected"));
            assertThat(since(askedAt)).isBetween(ofMillis(250), ofSeconds(2));
        }
        server.thaw();

        await().untilAsserted(() -> assertUp(run(check)));
        assertThat(connectionsEver(admin)).isEqualTo(before + 1);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("healthcheck-redis")));
    }

    @ParameterizedTest
    @CsvSource({"CLIENT,", "CLIENT,wrong", "CLIENT_AND_URI,", "CLIENT_AND_URI,wrong"})
    void a_missing_or_wrong_password_is_auth(Way way, String password) throws Exception {
        var server = server("--requirepass", "right");
        RedisURI uri = server.uri();
        if (password != null) {
            uri.setCredentialsProvider(RedisCredentialsProvider.from(() -> RedisCredentials.just(null, password)));
        }
        var check = closing(way.check(client(uri), uri));

        var result = run(check);

        assertThat(result.status()).isEqualTo(Status.DOWN);
        assertThat(result.reason()).isEqualTo("auth");
        assertThat(result.cause()).isNotNull();
    }

    @Test
    void the_right_password_is_up() throws Exception {
        var server = server("--requirepass", "right");
        RedisURI uri = RedisURI.builder(server.uri())
                .withPassword("right".toCharArray())
                .build();

        assertThat(run(closing(RedisHealthCheck.of(client(uri)))).status()).isEqualTo(Status.UP);
    }

    @Test
    void a_password_that_is_set_later_is_auth_once_the_connection_is_gone() throws Exception {
        var server = server();
        var admin = admin(server);
        var check = check(Way.CLIENT_AND_URI, server);
        assertUp(run(check));

        admin.configSet("requirepass", "new");
        ownConnections(admin).forEach(id -> admin.clientKill(KillArgs.Builder.id(id)));

        await().untilAsserted(() -> assertThat(run(check).reason()).isEqualTo("auth"));
    }

    @Test
    void a_user_who_may_not_ping_is_up_and_told_so() throws Exception {
        var server = server("--user", "guest", "on", ">secret", "+@all", "-ping");
        RedisURI uri = RedisURI.builder(server.uri())
                .withAuthentication("guest", "secret".toCharArray())
                .build();

        var result = run(closing(RedisHealthCheck.of(client(uri))));

        assertThat(result.status()).isEqualTo(Status.UP);
        assertThat((String) result.details().get("answer")).startsWith("NOPERM");
    }

    @Test
    void a_script_without_end_is_busy() throws Exception {
        var server = server("--lua-time-limit", "50");
        var admin = admin(server);
        var check = check(Way.CLIENT_AND_URI, server);
        assertUp(run(check));

        RedisFuture<Object> script = connection(server).async().eval("while true do end", ScriptOutputType.STATUS);
        await().untilAsserted(() -> assertThat(run(check).reason()).isEqualTo("busy"));
        admin.scriptKill();

        await().untilAsserted(() -> assertUp(run(check)));
        assertThat(script.toCompletableFuture()).completesExceptionallyWithin(ofSeconds(5));
    }

    @Test
    void a_stale_replica_is_what_its_version_answers() throws Exception {
        var server = server("--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no");

        String expected = majorVersion(admin(server)) < 7 ? null : "master-down";

        assertThat(run(check(Way.CLIENT_AND_URI, server)).reason()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "-NOAUTH Authentication required.,auth",
        "-WRONGPASS invalid username-password pair,auth",
        "-LOADING Redis is loading the dataset in memory,loading",
        "-BUSY Redis is busy running a script.,busy",
        "-MASTERDOWN Link with MASTER is down,master-down",
        "-READONLY You can't write against a read only replica.,read-only",
        "-MISCONF Redis is configured to save RDB snapshots,read-only",
        "-CLUSTERDOWN The cluster is down,cluster-down",
        "-ERR what,error-reply",
        "-BUSYKEY Target key name already exists.,error-reply",
    })
    void an_error_reply_is_down_with_its_reason(String reply, String reason) throws Exception {
        var server = closing(new ScriptedServer(reply));
        var check = closing(RedisHealthCheck.of(client(server.uri()), server.uri()));

        var result = run(check);

        assertThat(result.status()).isEqualTo(Status.DOWN);
        assertThat(result.reason()).isEqualTo(reason);
        assertThat(result.cause()).hasMessage(reply.substring(1));
    }

    @Test
    void has_one_connection_after_hundreds_of_runs() throws Exception {
        var server = server();
        var admin = admin(server);
        var check = check(Way.CLIENT, server);
        long before = connectionsEver(admin);

        var all = IntStream.range(0, 200).mapToObj(n -> start(check, LIMIT)).toList();
        all.forEach(answer -> assertUp(answer.join()));
        for (int i = 0; i < 200; i++) {
            assertUp(run(check));
        }

        assertThat(connectionsEver(admin)).isEqualTo(before + 1);
        assertThat(ownConnections(admin)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"CLIENT", "CLIENT_AND_URI"})
    void closes_its_connection_and_nothing_else(Way way) throws Exception {
        var server = server();
        var admin = admin(server);
        var client = client(server);
        var applications = closing(client.connect());
        var check = way.check(client, server.uri());
        assertUp(run(check));
        assertThat(connections(admin)).hasSize(3);

        check.close();
        check.close();

        await().until(() -> connections(admin).size() == 2);
        assertThat(applications.sync().ping()).isEqualTo("PONG");
        assertThat(closing(client.connect()).sync().ping()).isEqualTo("PONG");
        assertThat(run(check).reason()).isEqualTo("disconnected");
        assertThat(connections(admin)).hasSize(3);
    }

    @Test
    void leaves_a_connection_of_the_application_open() throws Exception {
        var server = server();
        var connection = connection(server);
        var check = RedisHealthCheck.of(connection);
        assertUp(run(check));

        check.close();

        assertThat(connection.sync().ping()).isEqualTo("PONG");
    }

    @ParameterizedTest
    @EnumSource(names = {"CLIENT", "CLIENT_AND_URI"})
    void a_connect_that_close_overtakes_leaves_no_connection(Way way) throws Exception {
        var server = server();
        var admin = admin(server);
        var check = check(way, server);
        long before = connectionsEver(admin);

        server.freeze();
        assertThat(start(check, SHORT).join().reason()).isEqualTo("disconnected");
        check.close();
        server.thaw();

        await().until(() -> connectionsEver(admin) == before + 1);
        await().until(() -> ownConnections(admin).isEmpty());
    }

    @Test
    void a_run_and_close_at_the_same_time_leave_no_connection() throws Exception {
        var server = server();
        var admin = admin(server);
        var client = client(server);

        for (int i = 0; i < 100; i++) {
            var check = i % 2 == 0 ? RedisHealthCheck.of(client, server.uri()) : RedisHealthCheck.of(client);
            var running =
                    CompletableFuture.supplyAsync(() -> start(check, LIMIT).join());
            spin(i * 50_000L); // so that it falls before, into and behind the connect
            check.close();
            assertThat(running.join().reason()).isIn(null, "disconnected");
        }

        await().until(() -> ownConnections(admin).isEmpty());
    }

    @Test
    void the_application_s_transactions_and_blocking_commands_do_not_notice() throws Exception {
        var server = server();
        var client = client(server);
        var check = closing(RedisHealthCheck.of(client));
        var transaction = closing(client.connect()).sync();
        RedisFuture<KeyValue<String, String>> blocked =
                closing(client.connect()).async().blpop(30, "queue");

        transaction.multi();
        transaction.set("a", "1");
        assertUp(run(check));
        transaction.get("a");
        assertUp(run(check));

        assertThat(transaction.exec().stream()).containsExactly("OK", "1");
        assertThat(blocked.isDone()).isFalse();
        transaction.rpush("queue", "x");
        assertThat(blocked.get().getValue()).isEqualTo("x");
    }

    @Test
    void a_client_that_has_been_shut_down_is_disconnected() throws Exception {
        var server = server();
        var client = RedisClient.create(server.uri());
        var check = closing(RedisHealthCheck.of(client, server.uri()));
        assertUp(run(check));

        client.shutdown();

        assertThat(run(check).reason()).isEqualTo("disconnected");
        assertThat(run(check).cause()).isNotNull();
    }

    @Test
    void a_client_without_a_uri_needs_one() throws Exception {
        var server = server();
        var client = closing(RedisClient.create(resources));

        assertThat(run(closing(RedisHealthCheck.of(client))).reason()).isEqualTo("disconnected");
        assertThat(run(closing(RedisHealthCheck.of(client, server.uri()))).status())
                .isEqualTo(Status.UP);
    }

    @Test
    void is_refused_in_liveness() {
        var client = closing(RedisClient.create(resources));
        var registry = closing(HealthCheckRegistry.create());
        var check = closing(RedisHealthCheck.of(client));

        assertThatThrownBy(() -> registry.register("cache", check, o -> o.probes(Probe.LIVENESS)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no dependency in LIVENESS");
    }

    @Test
    void an_optional_redis_that_is_stopped_degrades_readiness_until_it_is_back() throws Exception {
        var server = server();
        var admin = admin(server);
        var registry = closing(HealthCheckRegistry.create());
        Registration cache = registry.register(
                "cache", RedisHealthCheck.of(client(server)), o -> o.optional().cacheFor(ofMillis(50)));
        await().untilAsserted(() ->
                assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP));
        assertThat(ownConnections(admin)).hasSize(1);

        server.stop();
        await().untilAsserted(() ->
                assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.DEGRADED));
        assertThat(registry.check("cache").orElseThrow().reason()).isEqualTo("disconnected");

        server.start();
        await().untilAsserted(() ->
                assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP));

        cache.close();
        await().until(() -> ownConnections(admin).isEmpty());
    }

    @Test
    void a_frozen_redis_is_judged_by_the_check_itself_before_its_run_is_overdue() throws Exception {
        var server = server();
        var registry =
                closing(HealthCheckRegistry.builder().answerWithin(ofSeconds(3)).build());
        var cache = registry.register("cache", RedisHealthCheck.of(client(server)), o -> o.timeout(ofSeconds(2)));
        await().untilAsserted(() -> assertThat(cache.runNow().status()).isEqualTo(Status.UP));

        server.freeze();
        var frozen = cache.runNow();
        assertThat(frozen.reason()).isEqualTo("timeout");
        assertThat(frozen.message()).contains("though the connection is open");
        assertThat(frozen.duration()).isBetween(ofMillis(1600), ofSeconds(2));
        assertThat(cache.runNow().reason()).isEqualTo("timeout");

        server.thaw();
        assertThat(cache.runNow().status()).isEqualTo(Status.UP);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void a_cluster_is_up_while_it_serves_all_slots(boolean own) throws Exception {
        var server = closing(RedisServer.startCluster());
        var admin = admin(server);
        admin.clusterAddSlots(IntStream.range(0, 16384).toArray());
        await().until(() -> admin.clusterInfo().contains("cluster_state:ok"));
        var client = closing(RedisClusterClient.create(resources, server.uri()));
        var check = closing(own ? RedisHealthCheck.of(client) : RedisHealthCheck.of(client.connect()));
        assertUp(run(check));

        admin.clusterDelSlots(7);
        await().untilAsserted(() -> assertThat(run(check).reason()).isEqualTo("cluster-down"));

        admin.clusterAddSlots(7);
        await().untilAsserted(() -> assertUp(run(check)));

        server.stop();
        assertThat(run(check).reason()).isEqualTo("disconnected");
        server.start();
        await().untilAsserted(() -> assertUp(run(check)));
    }

    private RedisServer server(String... arguments) {
        return closing(RedisServer.start(arguments));
    }

    private RedisClient client(RedisServer server) {
        return client(server.uri());
    }

    private RedisClient client(RedisURI uri) {
        return closing(RedisClient.create(resources, uri));
    }

    private RedisHealthCheck check(Way way, RedisServer server) {
        return closing(way.check(client(server), server.uri()));
    }

    private StatefulRedisConnection<String, String> connection(RedisServer server) {
        return closing(client(server).connect());
    }

    private RedisCommands<String, String> admin(RedisServer server) {
        RedisURI uri = RedisURI.builder(server.uri()).withClientName("admin").build();
        return closing(client(uri).connect()).sync();
    }

    private <T extends AutoCloseable> T closing(T closeable) {
        open.push(closeable);
        return closeable;
    }

    private static CheckResult run(RedisHealthCheck check) throws Exception {
        return check.check(Deadline.after(LIMIT));
    }

    private static CompletableFuture<CheckResult> start(RedisHealthCheck check, Duration limit) {
        return check.checkAsync(Deadline.after(limit)).toCompletableFuture();
    }

    private static void assertUp(CheckResult result) {
        assertThat(result.status())
                .as("%s, because of %s", result, result.cause())
                .isEqualTo(Status.UP);
    }

    private static void spin(long nanos) {
        long begunAt = System.nanoTime();
        while (System.nanoTime() - begunAt < nanos) {
            Thread.onSpinWait();
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static long pings(RedisCommands<String, String> admin) {
        Matcher pings = PINGS.matcher(admin.info("commandstats"));
        return pings.find() ? Long.parseLong(pings.group(1)) : 0;
    }

    private static long connectionsEver(RedisCommands<String, String> admin) {
        return number(admin, "total_connections_received");
    }

    private static long majorVersion(RedisCommands<String, String> admin) {
        return number(admin, "redis_version");
    }

    private static long number(RedisCommands<String, String> admin, String key) {
        Matcher number = Pattern.compile(key + ":(\\d+)").matcher(admin.info());
        assertThat(number.find()).as(key).isTrue();
        return Long.parseLong(number.group(1));
    }

    private static List<String> connections(RedisCommands<String, String> admin) {
        return admin.clientList().lines().toList();
    }

    /** By id, without that of the administrator. */
    private static List<Long> ownConnections(RedisCommands<String, String> admin) {
        var ids = new ArrayList<Long>();
        for (String connection : connections(admin)) {
            Matcher id = Pattern.compile("^id=(\\d+)").matcher(connection);
            if (id.find() && !connection.contains("name=admin")) {
                ids.add(Long.parseLong(id.group(1)));
            }
        }
        return ids;
    }
}
