package dev.healthcheck;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.CountDownLatch;

/** Waits for what happens at once, if it ever does. */
final class Patience {
    private Patience() {}

    static boolean await(CountDownLatch latch) {
        try {
            return latch.await(5, SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts", e);
        }
    }
}
