package dev.healthcheck;

import java.util.concurrent.atomic.AtomicInteger;

/** A check that counts how often it is closed. */
final class CountsCloses implements HealthCheck, AutoCloseable {
    final AtomicInteger closes = new AtomicInteger();

    @Override
    public CheckResult check() {
        return CheckResult.up();
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }
}
