package dev.healthcheck.micrometer;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.search.MeterNotFoundException;
import org.awaitility.core.ThrowingRunnable;

/** Waits for meters, which a thread of the health registry changes. */
final class Eventually {
    private Eventually() {}

    /** Waits until {@code assertion} holds; a meter that is missing may still come. */
    static void eventually(ThrowingRunnable assertion) {
        await().ignoreException(MeterNotFoundException.class).untilAsserted(assertion);
    }
}
