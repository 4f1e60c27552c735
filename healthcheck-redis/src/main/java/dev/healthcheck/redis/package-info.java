/**
 * Asks Redis, through Lettuce 6.2 or newer, whether it answers.
 *
 * <pre>{@code
 * RedisClient client = RedisClient.create("redis://cache.example.org");
 * health.register("cache", RedisHealthCheck.of(client).memoryBelow(0.9), o -> o.optional());
 * }</pre>
 *
 * <p>{@link dev.healthcheck.redis.RedisHealthCheck} opens one connection of its own. The application's transactions and
 * blocking commands therefore do not disturb the check, and the check does not disturb them.
 *
 * <p>Null arguments throw {@link NullPointerException}.
 */
@NullMarked
package dev.healthcheck.redis;

import org.jspecify.annotations.NullMarked;
