package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A check that does not return until it is let go, and ignores interrupts. */
final class Hang implements HealthCheck {
    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger interrupts = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public CheckResult check() {
        runs.incrementAndGet();
        begun.countDown();
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                interrupts.incrementAndGet();
            }
        }
        return CheckResult.up();
    }

    void awaitBegun() throws InterruptedException {
        assertThat(begun.await(10, TimeUnit.SECONDS)).as("the check runs").isTrue();
    }

    void release() {
        released.countDown();
    }
}
