package dev.healthcheck.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** The check opens one connection, leaves those of others alone, and leaves nothing behind. */
class RedisConnectionTest extends RedisTest {
    @Test
    void has_one_connection_after_hundreds_of_runs() throws Exception {
        var server = server();
        var admin = admin(server);
        var check = check(Way.CLIENT, server.uri());
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
        var client = client(server.uri());
        var applications = closing(client.connect());
        var check = way.check(client, server.uri());
        assertUp(run(check));
        assertThat(connections(admin)).hasSize(3);

        check.close();
        check.close();

        await().until(() -> connections(admin).size() == 2);
        assertThat(applications.sync().ping()).isEqualTo("PONG");
        assertThat(closing(client.connect()).sync().ping()).isEqualTo("PONG");
        assertDown(run(check), "disconnected");
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
        var check = check(way, server.uri());
        long before = connectionsEver(admin);

        server.freeze();
        assertDown(start(check, SHORT).join(), "connecting");
        check.close();
        server.thaw();

        await().until(() -> connectionsEver(admin) == before + 1);
        await().until(() -> ownConnections(admin).isEmpty());
    }

    @Test
    void a_run_and_close_at_the_same_time_leave_no_connection() throws Exception {
        var server = server();
        var admin = admin(server);
        var client = client(server.uri());

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
        var client = client(server.uri());
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

    @ParameterizedTest
    @EnumSource(names = {"CLIENT", "CLIENT_AND_URI"})
    void a_client_that_the_application_shut_down_first_has_no_reason_to_warn(Way way) throws Exception {
        var server = server();
        var client = RedisClient.create(server.uri());
        var check = closing(way.check(client, server.uri()));
        assertUp(run(check));
        var lettuce = (Logger) LoggerFactory.getLogger("io.lettuce.core");
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        lettuce.setLevel(Level.WARN);
        lettuce.addAppender(log);

        client.shutdown();
        check.close();

        lettuce.detachAppender(log);
        lettuce.setLevel(null);
        assertThat(log.list).isEmpty();
    }
}
