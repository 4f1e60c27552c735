package dev.healthcheck;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A wait for what happens at once, if it ever does. Short after the first wait in vain, because thousands follow. */
final class ShortWait {
    private static volatile Duration left = Duration.ofSeconds(5);

    private ShortWait() {}

    static Duration left() {
        return left;
    }

    static void lose() {
        left = Duration.ofMillis(10);
    }

    static boolean await(CountDownLatch latch) {
        spin(latch);
        try {
            boolean happened = latch.await(left.toMillis(), TimeUnit.MILLISECONDS);
            if (!happened) {
                lose();
            }
            return happened;
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts", e);
        }
    }

    /** Spins: a thread that has to be woken comes too late for what the other thread does next. */
    private static void spin(CountDownLatch latch) {
        for (int i = 0; i < 1_000 && latch.getCount() > 0; i++) {
            Thread.onSpinWait();
        }
    }
}
