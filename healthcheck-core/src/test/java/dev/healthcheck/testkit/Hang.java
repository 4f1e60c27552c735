package dev.healthcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A check that does not return until it is {@linkplain #release() let go}. Let it go at the end of the test. */
public final class Hang implements HealthCheck {
    public final AtomicInteger runs = new AtomicInteger();
    public final AtomicInteger interrupts = new AtomicInteger();
    private final boolean interruptible;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Ignores interrupts, as a driver does that waits for a socket. */
    public Hang() {
        this(false);
    }

    private Hang(boolean interruptible) {
        this.interruptible = interruptible;
    }

    /** Ends with an {@link InterruptedException} when its thread is interrupted, as a check does that sleeps. */
    public static Hang interruptible() {
        return new Hang(true);
    }

    @Override
    public CheckResult check() throws InterruptedException {
        runs.incrementAndGet();
        begun.countDown();
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                interrupts.incrementAndGet();
                if (interruptible) {
                    throw e;
                }
            }
        }
        return CheckResult.up();
    }

    /**
     * Asks for a check that hangs until one of its runs is overdue, and returns that answer. A run that gets its thread
     * after its deadline, as on a busy machine, does not begin: then the next one has to hang.
     */
    public static CheckReport awaitStuck(HealthCheckRegistry registry, String check) {
        return await().until(() -> registry.check(check).orElseThrow(), report -> "stuck".equals(report.reason()));
    }

    public void awaitBegun() throws InterruptedException {
        assertThat(begun.await(10, TimeUnit.SECONDS)).as("the check runs").isTrue();
    }

    /** Ends this run and all later ones, with UP. */
    public void release() {
        released.countDown();
    }
}
