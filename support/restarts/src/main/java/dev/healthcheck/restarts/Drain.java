package dev.healthcheck.restarts;

import java.time.Duration;

/**
 * How an instance stops.
 *
 * @param reports the first argument of {@code awaitDrainSeen}
 * @param atLeast its second argument
 * @param atMost its third argument
 * @param stopTimeout how long the server waits for the requests that it serves
 */
record Drain(int reports, Duration atLeast, Duration atMost, Duration stopTimeout) {
    @Override
    public String toString() {
        return reports + ", " + atLeast.toSeconds() + " s, stop " + stopTimeout.toSeconds() + " s";
    }
}
