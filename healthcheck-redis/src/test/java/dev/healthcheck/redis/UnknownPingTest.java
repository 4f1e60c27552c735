package dev.healthcheck.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.Status;
import dev.healthcheck.testkit.RawServer;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.ProtocolVersion;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy, or a server, that does not know PING answers all the same. */
class UnknownPingTest extends RedisTest {
    private static final ClientOptions AS_BEFORE_REDIS_6 = SHORT_QUEUE
            .mutate()
            .protocolVersion(ProtocolVersion.RESP2)
            .pingBeforeActivateConnection(false)
            .build();

    @ParameterizedTest
    @EnumSource
    void a_server_without_ping_is_up_and_says_so(Way way) throws Exception {
        var server = server("--rename-command", "PING", "");
        var check = check(way, server.uri());

        for (int i = 0; i < 3; i++) {
            var result = run(check);
            assertUp(result);
            assertThat((String) result.details().get("answer")).matches("ERR unknown command [`']PING[`'].*");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-ERR unknown command 'PING'",
                "-ERR Unknown command",
                "-ERR unsupported command 'ping'",
                "-unknown command"
            })
    void a_proxy_that_does_not_know_ping_and_hangs_up_is_up_in_each_run(String answer) throws Exception {
        var proxy = closing(new RawServer(socket -> {
            boolean pinged = false;
            while (!pinged) {
                pinged = command(socket).get(0).equals("PING");
                RawServer.write(socket, answer + "\r\n");
            }
        }));
        RedisURI uri = RedisURI.create("127.0.0.1", proxy.port());
        var check = closing(RedisHealthCheck.of(client(uri, AS_BEFORE_REDIS_6), uri));

        for (int i = 0; i < 5; i++) {
            awaitAnswer(check, answer.substring(1)); // a PING that meets the end of a connection has no answer
        }
    }

    private static void awaitAnswer(RedisHealthCheck check, String answer) {
        patiently().untilAsserted(() -> {
            var result = ask(check);
            assertThat(result.status()).isEqualTo(Status.UP);
            assertThat(result.details()).containsEntry("answer", answer);
        });
    }

    @Test
    void a_proxy_that_knows_neither_hello_nor_what_comes_with_it_is_up() throws Exception {
        var commands = new ArrayList<List<String>>();
        var proxy = closing(new RawServer(socket -> {
            while (true) {
                List<String> command = command(socket);
                synchronized (commands) {
                    commands.add(command);
                }
                RawServer.write(socket, "-ERR unknown command '" + command.get(0) + "'\r\n");
            }
        }));
        RedisURI uri = RedisURI.create("127.0.0.1", proxy.port());
        var options = SHORT_QUEUE.mutate().pingBeforeActivateConnection(false).build();
        var check = closing(RedisHealthCheck.of(client(uri, options), uri));

        var result = run(check);

        assertUp(result);
        assertThat(result.details()).containsEntry("answer", "ERR unknown command 'PING'");
        synchronized (commands) {
            assertThat(commands.get(0).get(0)).isEqualTo("HELLO");
        }
    }

    @Test
    void a_proxy_with_which_the_client_itself_cannot_connect_is_down_with_its_answer() throws Exception {
        var proxy = closing(new RawServer(socket -> {
            while (true) {
                RawServer.write(
                        socket, "-ERR unknown command '" + command(socket).get(0) + "'\r\n");
            }
        }));
        RedisURI uri = RedisURI.create("127.0.0.1", proxy.port());
        var options =
                SHORT_QUEUE.mutate().protocolVersion(ProtocolVersion.RESP2).build();
        var check = closing(RedisHealthCheck.of(client(uri, options), uri));

        assertDown(run(check), "error-reply");
    }

    /** Reads the number of parts, and then each part in two lines. */
    private static List<String> command(Socket socket) throws IOException {
        int parts = Integer.parseInt(line(socket).substring(1));
        var command = new ArrayList<String>();
        for (int i = 0; i < parts; i++) {
            line(socket);
            command.add(line(socket));
        }
        return command;
    }

    private static String line(Socket socket) throws IOException {
        var line = new StringBuilder();
        int next = socket.getInputStream().read();
        while (next != '\n') {
            if (next < 0) {
                throw new IOException("hung up");
            }
            line.append((char) next);
            next = socket.getInputStream().read();
        }
        return line.toString().strip();
    }
}
