package dev.healthcheck.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.protocol.ProtocolVersion;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The details show the version that the server told when the connection was opened. The check sends nothing for it. */
class VersionTest extends RedisTest {
    private static final Pattern VERSION = Pattern.compile("redis_version:(\\S+)");

    @ParameterizedTest
    @EnumSource
    void the_details_show_the_version_that_Lettuce_keeps(Way way) throws Exception {
        var server = server();

        var result = run(check(way, server.uri()));

        assertUp(result);
        assertThat(result.details().get("version")).isEqualTo(kept(server));
    }

    /** Lettuce 6.2 forgets it. */
    private @Nullable String kept(RedisServer server) {
        Matcher version = VERSION.matcher(admin(server).info("server"));
        assertThat(version.find()).isTrue();
        return "6.2".equals(RedisClient.class.getPackage().getSpecificationVersion()) ? null : version.group(1);
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
