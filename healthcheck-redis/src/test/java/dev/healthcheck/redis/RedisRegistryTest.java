package dev.healthcheck.redis;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.Test;

/** The check among others, as a registry runs it. */
class RedisRegistryTest extends RedisTest {
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
        Registration cache = registry.register("cache", RedisHealthCheck.of(client(server.uri())), o -> o.optional()
                .cacheFor(ofMillis(50)));
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
        var registry = closing(HealthCheckRegistry.create());
        var cache = registry.register("cache", RedisHealthCheck.of(client(server.uri())));
        await().untilAsserted(() -> assertThat(cache.runNow().status()).isEqualTo(Status.UP));

        server.freeze();
        await().untilAsserted(
                        () -> { // on a busy machine the registry may be the first now and then
                            var frozen = cache.runNow();
                            assertThat(frozen.reason()).isEqualTo("timeout");
                            assertThat(frozen.message()).contains("though the connection is open");
                        });

        server.thaw();
        await().untilAsserted(() -> assertThat(cache.runNow().status()).isEqualTo(Status.UP));
    }
}
