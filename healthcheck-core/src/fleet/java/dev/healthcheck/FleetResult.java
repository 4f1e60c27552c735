package dev.healthcheck;

import java.time.Duration;

/**
 * What became of the requests.
 *
 * @param recovery the time from the return of the database to the last request that was not served
 * @param restarts how many processes were started again
 */
record FleetResult(long served, long degraded, long failed, Duration recovery, int restarts) {

    long requests() {
        return served + degraded + failed;
    }

    /** Returns the share of {@code part} in the requests, in percent. */
    double percent(long part) {
        return 100.0 * part / requests();
    }
}
