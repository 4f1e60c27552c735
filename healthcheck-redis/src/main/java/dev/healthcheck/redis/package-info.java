/**
 * Asks Redis, through Lettuce 6.2 or newer, whether it answers.
 *
 * <p>One class: {@link dev.healthcheck.redis.RedisHealthCheck}. It opens one connection of its own, so that neither the
 * application's transactions nor its blocking commands and the check disturb each other.
 *
 * <pre>{@code
 * RedisClient client = RedisClient.create("redis://cache.example.org");
 * health.register("cache", RedisHealthCheck.of(client), o -> o.optional());
 * }</pre>
 */
@NullMarked
package dev.healthcheck.redis;

import org.jspecify.annotations.NullMarked;
