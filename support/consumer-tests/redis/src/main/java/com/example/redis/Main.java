package com.example.redis;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Status;
import dev.healthcheck.redis.RedisHealthCheck;
import io.lettuce.core.RedisClient;
import java.time.Duration;

/** Nobody listens on port 1. Has time, for a busy machine is no reason to fail. */
final class Main {
    private Main() {}

    public static void main(String[] args) {
        RedisClient client = RedisClient.create("redis://127.0.0.1:1");
        try (HealthCheckRegistry health = HealthCheckRegistry.builder()
                .answerWithin(Duration.ofSeconds(30))
                .defaults(o -> o.timeout(Duration.ofSeconds(20)))
                .build()) {
            health.register("cache", RedisHealthCheck.of(client));

            CheckReport cache = health.check("cache").orElseThrow();

            if (cache.status() != Status.DOWN || !"disconnected".equals(cache.reason())) {
                throw new AssertionError(cache);
            }
            System.out.println(cache.name() + ": " + cache.reason());
        } finally {
            client.shutdown();
        }
    }
}
