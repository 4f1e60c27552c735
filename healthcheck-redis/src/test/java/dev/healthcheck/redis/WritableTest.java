package dev.healthcheck.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.healthcheck.CheckResult;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code requireWritable} finds every reason for which Redis refuses writes, and writes nothing. */
class WritableTest extends TopologyTest {
    @ParameterizedTest
    @EnumSource
    void a_master_that_is_demoted_while_the_application_goes_on_is_read_only(Way way) throws Exception {
        var demoted = master();
        var promoted = replicaOf(demoted);
        var application = connection(demoted).sync();
        var plain = check(demoted.uri());
        var check = closing(check(way, demoted.uri()).requireWritable());
        application.set("key", "before");
        assertUp(run(check));

        adminOf(promoted).replicaofNoOne();
        adminOf(demoted).replicaof(promoted.host(), promoted.port());

        CheckResult result = run(check);
        assertDown(result, "read-only");
        assertThat(result.message()).isEqualTo("the server is a replica of " + promoted.host() + ":" + promoted.port());
        assertThatThrownBy(() -> application.set("key", "after")).isInstanceOf(RedisReadOnlyException.class);
        assertUp(run(plain));

        adminOf(demoted).replicaofNoOne();
        assertUp(run(check));
        application.set("key", "after");
    }

    @Test
    void a_replica_that_accepts_writes_is_read_only_because_it_loses_them() throws Exception {
        var replica = replicaOf(master(), "--replica-read-only", "no");
        var check = closing(check(replica.uri()).requireWritable());

        assertDown(run(check), "read-only");
        assertThat(connection(replica).sync().set("key", "lost")).isEqualTo("OK");
    }

    @Test
    void a_master_with_too_few_replicas_is_read_only() throws Exception {
        var server = server("--min-replicas-to-write", "1");
        var check = closing(check(server.uri()).requireWritable());

        assertDown(run(check), "read-only");
        assertThat(run(check).cause()).hasMessageStartingWith("NOREPLICAS");

        admin(server).configSet("min-replicas-to-write", "0");
        assertUp(run(check));
    }

    @Test
    void a_master_that_has_used_up_its_memory_and_may_evict_nothing_is_down() throws Exception {
        var server = server();
        var admin = admin(server);
        var check = closing(check(server.uri()).requireWritable().memoryBelow(0.9));
        assertUp(run(check));

        admin.configSet("maxmemory", "1");
        assertDown(run(check), "memory");
        assertThatThrownBy(() -> admin.set("key", "value"))
                .isInstanceOf(RedisCommandExecutionException.class)
                .hasMessageStartingWith("OOM");

        admin.configSet("maxmemory", "0");
        assertUp(run(check));
    }

    @Test
    void no_key_is_created() throws Exception {
        var server = server();
        var admin = admin(server);
        var check = closing(check(server.uri()).requireWritable());

        assertUp(run(check));

        assertThat(admin.dbsize()).isZero();
        assertThat(number(admin, "rdb_changes_since_last_save")).isZero();
    }

    @Test
    void a_key_of_the_same_name_keeps_its_value_and_its_time_to_live() throws Exception {
        var server = server();
        var admin = admin(server);
        admin.set(Masters.KEY, "value", SetArgs.Builder.ex(1000));
        long changes = number(admin, "rdb_changes_since_last_save");

        assertUp(run(closing(check(server.uri()).requireWritable())));

        assertThat(admin.get(Masters.KEY)).isEqualTo("value");
        assertThat(admin.ttl(Masters.KEY)).isPositive();
        assertThat(number(admin, "rdb_changes_since_last_save")).isEqualTo(changes);
    }

    @Test
    void a_key_of_the_same_name_and_another_type_is_no_obstacle() throws Exception {
        var server = server();
        var admin = admin(server);
        admin.rpush(Masters.KEY, "value");

        assertUp(run(closing(check(server.uri()).requireWritable())));

        assertThat(admin.lrange(Masters.KEY, 0, -1)).containsExactly("value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-setrange", "-info", "resetkeys"})
    void a_user_who_may_not_find_out_gets_no_green_light(String forbidden) throws Exception {
        var server = server("--user", "guest", "on", ">secret", "~*", "+@all", forbidden);
        RedisURI uri = RedisURI.builder(server.uri())
                .withAuthentication("guest", "secret".toCharArray())
                .build();
        var check = closing(check(uri).requireWritable());

        assertDegraded(run(check), "no-info");
        assertThat(run(check).cause()).hasMessageStartingWith("NOPERM");
    }

    @Test
    void a_user_who_may_not_try_a_write_still_learns_of_a_demotion() throws Exception {
        var server = server("--user", "guest", "on", ">secret", "+@all", "--replicaof", "127.0.0.1", "1");
        RedisURI uri = RedisURI.builder(server.uri())
                .withAuthentication("guest", "secret".toCharArray())
                .build();

        assertDown(run(closing(check(uri).requireWritable())), "read-only");
    }

    @ParameterizedTest
    @CsvSource({"SETRANGE", "INFO"})
    void a_server_that_does_not_know_a_command_gets_no_green_light(String command) throws Exception {
        var server = server("--rename-command", command, "");
        var check = closing(check(server.uri()).requireWritable());

        assertDegraded(run(check), "no-info");
        assertUp(run(check(server.uri())));
    }
}
