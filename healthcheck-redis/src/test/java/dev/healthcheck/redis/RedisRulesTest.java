package dev.healthcheck.redis;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the options {@code memoryBelow} and {@code replicaWithin}. */
class RedisRulesTest extends RedisTest {
    private static final Pattern INFOS = Pattern.compile("cmdstat_info:calls=(\\d+)");

    @Test
    void more_memory_in_use_than_the_share_is_degraded_until_it_is_less() throws Exception {
        var server = server();
        var admin = admin(server);
        var check = closing(check(server.uri()).memoryBelow(0.5));
        limitMemoryTo(admin, 4);
        assertUp(run(check));

        limitMemoryTo(admin, 1.5);
        assertDegraded(run(check), "memory");
        assertThat(run(check).message()).contains("bytes are used (expected: at most 0.5)");

        limitMemoryTo(admin, 4);
        assertUp(run(check));
    }

    @Test
    void memory_without_a_limit_is_never_too_much() throws Exception {
        var server = server("--maxmemory", "0");

        assertUp(run(closing(check(server.uri()).memoryBelow(0.000_001))));
    }

    @Test
    void a_full_cache_that_may_evict_anything_is_up_and_one_that_may_not_is_degraded() throws Exception {
        var server = server("--maxmemory", "1mb", "--maxmemory-policy", "allkeys-lru");
        var admin = admin(server);
        admin.configSet("maxmemory", "1");
        var check = closing(check(server.uri()).memoryBelow(1));
        assertUp(run(check));

        for (String policy : new String[] {"volatile-lru", "noeviction"}) {
            admin.configSet("maxmemory-policy", policy);
            assertDegraded(run(check), "memory");
        }
    }

    @Test
    void a_replica_without_its_master_is_degraded() throws Exception {
        var master = server("--repl-ping-replica-period", "1");
        var replica = replicaOf(master);
        var check = closing(check(replica.uri()).replicaWithin(ofSeconds(30)));
        awaitUp(check);

        master.stop();
        awaitDegraded(check, "replica-link");

        master.start();
        awaitUp(check);
    }

    @Test
    void a_replica_whose_master_is_silent_is_degraded_until_it_speaks_again() throws Exception {
        var master = server("--repl-ping-replica-period", "1");
        var replica = replicaOf(master);
        var check = closing(check(replica.uri()).replicaWithin(ofSeconds(3)));
        awaitUp(check);

        master.freeze();
        awaitDegraded(check, "replica-lag");

        master.thaw();
        awaitUp(check);
    }

    /** It gives up a connection to its master after ten seconds, and not after sixty, longer than the test waits. */
    private RedisServer replicaOf(RedisServer master) {
        return server("--replicaof", master.host(), master.port() + "", "--repl-timeout", "10");
    }

    @Test
    void a_master_is_not_behind_anybody() throws Exception {
        assertUp(run(closing(check(server().uri()).replicaWithin(ofSeconds(1)))));
    }

    @Test
    void a_user_who_may_not_look_gets_no_green_light_for_what_nobody_looked_at() throws Exception {
        var server = server("--user", "guest", "on", ">secret", "+@all", "-info");
        RedisURI uri = RedisURI.builder(server.uri())
                .withAuthentication("guest", "secret".toCharArray())
                .build();

        assertUp(run(check(uri)));
        assertDegraded(run(closing(check(uri).memoryBelow(0.9))), "no-info");
    }

    @Test
    void a_server_that_does_not_know_what_is_asked_gets_no_green_light_either() throws Exception {
        for (String info : new String[] {"-ERR unknown command", "+used_memory:1", "+maxmemory:x"}) {
            var server = closing(new ScriptedServer("+PONG", info));

            var result = run(closing(check(server.uri()).memoryBelow(0.9)));

            assertDegraded(result, "no-info");
            assertThat(result.cause()).isNotNull();
        }
    }

    @Test
    void what_keeps_redis_from_answering_comes_before_what_the_options_look_at() throws Exception {
        var server = closing(new ScriptedServer("-LOADING not yet", "-ERR unknown command"));

        assertDown(run(closing(check(server.uri()).memoryBelow(0.9))), "loading");
    }

    @Test
    void what_redis_says_between_the_two_counts() throws Exception {
        var server = closing(new ScriptedServer("+PONG", "-BUSY a script is running"));

        assertDown(run(closing(check(server.uri()).memoryBelow(0.9))), "busy");
    }

    @Test
    void nobody_who_did_not_ask_for_it_pays_for_a_look() throws Exception {
        var server = server();
        var admin = admin(server);
        var check = check(server.uri());
        assertUp(run(check));
        long before = infos(admin);

        assertUp(run(check));
        assertUp(run(check));

        assertThat(infos(admin)).isEqualTo(before + 1); // the question how many
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
    void a_share_that_is_none_is_refused(double share) {
        try (var client = RedisClient.create(resources)) {
            assertThatThrownBy(() -> RedisHealthCheck.of(client).memoryBelow(share))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("share: " + share + " (expected: > 0 and <= 1)");
        }
    }

    @Test
    void a_lag_that_cannot_be_measured_is_refused() {
        try (var client = RedisClient.create(resources)) {
            assertThatThrownBy(() -> RedisHealthCheck.of(client).replicaWithin(ofMillis(999)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("limit: PT0.999S (expected: >= PT1S)");
        }
    }

    @Test
    void a_changed_copy_has_a_connection_of_its_own_and_the_last_value_of_an_option_counts() throws Exception {
        var server = server("--maxmemory", "1");
        var admin = admin(server);
        var first = check(server.uri());
        var second = closing(first.memoryBelow(0.5).memoryBelow(1).replicaWithin(ofSeconds(1)));
        assertUp(run(first));
        assertDegraded(run(second), "memory");
        assertThat(ownConnections(admin)).hasSize(2);

        first.close();

        await().until(() -> ownConnections(admin).size() == 1);
        var result = run(second);
        assertDegraded(result, "memory");
        assertThat(result.message()).contains("at most 1.0");
    }

    private static void limitMemoryTo(RedisCommands<String, String> admin, double timesWhatIsUsed) {
        long limit = (long) (number(admin, "used_memory") * timesWhatIsUsed);
        assertThat(admin.configSet("maxmemory", limit + "")).isEqualTo("OK");
    }

    private static long infos(RedisCommands<String, String> admin) {
        Matcher infos = INFOS.matcher(admin.info("commandstats"));
        return infos.find() ? Long.parseLong(infos.group(1)) : 0;
    }
}
