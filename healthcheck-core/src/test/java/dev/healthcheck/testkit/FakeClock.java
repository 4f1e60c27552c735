package dev.healthcheck.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Dates as the test sets them, for {@code HealthCheckRegistry.builder().clock(...)}. Elapsed time is not touched, so no
 * verdict changes by it. Thread-safe.
 */
public final class FakeClock implements InstantSource {
    private volatile Instant now;

    public FakeClock(Instant now) {
        this.now = now;
    }

    /** A clock that jumps that far ahead and back again at every other reading, as no clock should. */
    public static InstantSource jumping(Duration distance) {
        return new Jumping(distance);
    }

    @Override
    public Instant instant() {
        return now;
    }

    public void set(Instant date) {
        now = date;
    }

    private static final class Jumping implements InstantSource {
        private final Instant begin = Instant.parse("2026-01-01T10:00:00Z");
        private final Duration distance;
        // guarded by this
        private boolean ahead;

        Jumping(Duration distance) {
            this.distance = distance;
        }

        @Override
        public synchronized Instant instant() {
            ahead = !ahead;
            return ahead ? begin.plus(distance) : begin;
        }
    }
}
