package dev.healthcheck.redis;

/** Asks Redis whether it answers. */
public final class RedisHealthCheck {
    private RedisHealthCheck() {}
}
