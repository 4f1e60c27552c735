package dev.healthcheck;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How long to wait for what happens at once, if it ever does. Once it did not there is little left: thousands follow. */
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

    /** Who has to be woken up is too late for what the other thread does next. */
    private static void spin(CountDownLatch latch) {
        for (int i = 0; i < 1_000 && latch.getCount() > 0; i++) {
            Thread.onSpinWait();
        }
    }
}
