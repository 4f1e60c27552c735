package dev.healthcheck.redis;

import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.LiveThreads;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that the application has configured in its own way. */
class ClientSettingsTest extends RedisTest {
    /** Settings that an application may have given its client. */
    enum Setting {
        NO_RECONNECT(ClientOptions.builder().autoReconnect(false)),
        REFUSE_WHILE_DISCONNECTED(ClientOptions.builder().disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)),
        KEEP_WHILE_DISCONNECTED(ClientOptions.builder().disconnectedBehavior(DisconnectedBehavior.ACCEPT_COMMANDS)),
        NO_PING_TO_CONNECT(ClientOptions.builder().pingBeforeActivateConnection(false)),
        OLD_PROTOCOL(ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2)),
        OLD_PROTOCOL_WITHOUT_PING(
                ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).pingBeforeActivateConnection(false)),
        NO_TIME_LIMIT(ClientOptions.builder()
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build()));

        @SuppressWarnings("ImmutableEnumChecker") // they are, but do not say so
        private final ClientOptions options;

        Setting(ClientOptions.Builder options) {
            this.options = options.requestQueueSize(2).build();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatever_the_application_told_its_client_the_check_finds_out_and_recovers(Setting setting) throws Exception {
        var threads = new LiveThreads();
        var server = server();
        var admin = admin(server);
        var network = proxy(server);
        for (Way way : List.of(Way.CLIENT, Way.CLIENT_AND_URI)) {
            var check = way.check(client(uri(network), setting.options), uri(network));
            assertUp(run(check));

            network.refuse();
            awaitDown(check, "disconnected");
            network.heal();
            awaitUp(check);

            server.freeze();
            assertDown(start(check, SHORT).join(), "timeout");
            assertDown(start(check, SHORT).join(), "timeout");
            server.thaw();
            awaitUp(check);

            await().until(() -> ownConnections(admin).size() == 1);
            check.close();
            await().until(() -> ownConnections(admin).isEmpty());
        }
        await().until(() -> threads.since().isEmpty());
    }

    @Test
    void a_connection_of_the_application_that_lettuce_may_not_reconnect_stays_disconnected() throws Exception {
        var network = proxy(server());
        var client = client(uri(network), Setting.NO_RECONNECT.options);
        var check = RedisHealthCheck.of(client.connect());
        assertUp(run(check));

        network.resetOpen();

        awaitDown(check, "disconnected");
        assertDown(run(check), "disconnected");
        assertUp(run(closing(RedisHealthCheck.of(client))));
    }
}
