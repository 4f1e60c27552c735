package dev.healthcheck.checks;

import dev.healthcheck.Deadline;
import java.time.Duration;

/** The part of a run's time after which a check ends by itself, so that its own reason comes before the deadline. */
final class Budget {
    private static final int PERCENT = 85;

    private Budget() {}

    static Duration of(Deadline deadline) {
        return deadline.remaining().multipliedBy(PERCENT).dividedBy(100);
    }
}
