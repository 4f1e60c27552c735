package dev.healthcheck.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the server told when the connection was opened is shown, and nothing is asked for it. */
class VersionTest extends RedisTest {

    @ParameterizedTest
    @EnumSource
    void the_details_show_the_version_of_the_server(Way way) throws Exception {
        var server = server();

        var result = run(check(way, server.uri()));

        assertUp(result);
        String version = (String) result.details().get("version");
        assertThat(admin(server).info("server")).contains("redis_version:" + version + "\r\n");
    }

    @Test
    void a_server_that_is_asked_in_RESP2_does_not_tell_its_version() throws Exception {
        var server = server();
        var options =
                ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).build();

        var result = run(closing(RedisHealthCheck.of(client(server.uri(), options))));

        assertUp(result);
        assertThat(result.details()).isEmpty();
    }
}
