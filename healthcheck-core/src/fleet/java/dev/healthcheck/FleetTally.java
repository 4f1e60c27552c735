package dev.healthcheck;

import java.time.Duration;

/** Counts the answers. For one thread. */
final class FleetTally {
    private final long returns;
    private long served;
    private long degraded;
    private long failed;
    private long lastNotServed;

    /** Creates a tally of a run in which the database returns at that time. */
    FleetTally(long returns) {
        this.returns = returns;
        lastNotServed = returns;
    }

    /** Counts the answer to a request of that time, which is not before that of the last request. */
    void count(FleetAnswer answer, long at) {
        switch (answer) {
            case SERVED -> served++;
            case DEGRADED -> degraded++;
            case FAILED -> failed++;
        }
        if (answer != FleetAnswer.SERVED && at > returns) {
            lastNotServed = at;
        }
    }

    FleetResult result(int restarts) {
        return new FleetResult(served, degraded, failed, Duration.ofNanos(lastNotServed - returns), restarts);
    }
}
