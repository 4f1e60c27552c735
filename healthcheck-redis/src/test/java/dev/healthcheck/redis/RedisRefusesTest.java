package dev.healthcheck.redis;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.Status;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that answers with an error: each has its reason. */
class RedisRefusesTest extends RedisTest {
    @ParameterizedTest
    @CsvSource({"CLIENT,", "CLIENT,wrong", "CLIENT_AND_URI,", "CLIENT_AND_URI,wrong"})
    void a_missing_or_wrong_password_is_auth(Way way, String password) throws Exception {
        var server = server("--requirepass", "right");
        RedisURI uri = server.uri();
        if (password != null) {
            uri.setCredentialsProvider(RedisCredentialsProvider.from(() -> RedisCredentials.just(null, password)));
        }
        var check = closing(way.check(client(uri), uri));

        // the first connection may end before its refusal has been read
        awaitDown(check, "auth");
        assertThat(run(check).cause()).isNotNull();
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
        var check = check(server.uri());
        assertUp(run(check));

        admin.configSet("requirepass", "new");
        ownConnections(admin).forEach(id -> admin.clientKill(KillArgs.Builder.id(id)));

        awaitDown(check, "auth");
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
        var check = check(server.uri());
        assertUp(run(check));

        RedisFuture<Object> script = connection(server).async().eval("while true do end", ScriptOutputType.STATUS);
        awaitDown(check, "busy");
        admin.scriptKill();

        awaitUp(check);
        assertThat(script.toCompletableFuture()).completesExceptionallyWithin(ofSeconds(5));
    }

    @Test
    void a_stale_replica_is_what_its_version_answers() throws Exception {
        var server = server("--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no");

        String expected = majorVersion(admin(server)) < 7 ? null : "master-down";

        assertThat(run(check(server.uri())).reason()).isEqualTo(expected);
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
        "-NOREPLICAS Not enough good replicas to write.,read-only",
        "-OOM command not allowed when used memory > 'maxmemory'.,memory",
        "-CLUSTERDOWN The cluster is down,cluster-down",
        "-ERR max number of clients + cluster connections reached,too-many-connections",
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
    void a_data_set_that_is_being_read_is_loading_until_it_is_read() throws Exception {
        // 20 MB, of which it looks up after each 2 MB
        var server = server("--rdbcompression", "no", "--key-load-delay", "1500");
        var admin = admin(server);
        admin.eval(
                "for i = 1, 2000 do redis.call('set', i, string.rep('x', 10000)) end return 'OK'",
                ScriptOutputType.STATUS);
        admin.save();
        var check = check(server.uri());
        assertUp(run(check));

        server.stop();
        server.start();

        awaitDown(check, "loading");
        server.tell("CONFIG SET key-load-delay 0"); // or it goes on for seconds
        awaitUp(check);
    }

    @Test
    void a_data_set_that_cannot_be_saved_is_read_only_until_writes_are_let_in() throws Exception {
        var server = server("--save", "3600", "1", "--dir", placeForNoFiles());
        var admin = admin(server);
        var check = check(server.uri());
        assertUp(run(check));

        admin.bgsave();
        awaitDown(check, "read-only");
        assertThat(run(check).cause()).hasMessageStartingWith("MISCONF");

        admin.configSet("stop-writes-on-bgsave-error", "no");
        assertUp(run(check));
    }

    /** Not even for root: on Linux, and on macOS. */
    private static String placeForNoFiles() {
        return Files.isDirectory(Path.of("/proc")) ? "/proc" : "/";
    }
}
