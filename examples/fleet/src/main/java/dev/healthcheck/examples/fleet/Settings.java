package dev.healthcheck.examples.fleet;

import java.time.Duration;

/**
 * The load, the outage and the restart of a trial.
 *
 * @param instances how many instances there are
 * @param restarted how many of them restart during the outage
 * @param rate requests a second, for all instances together
 * @param before the time from the first request until the database is stopped
 * @param outage how long the database is stopped
 * @param after the time from its return to the last request
 * @param restartAfter the time from the begin of the outage to the restart
 */
record Settings(
        int instances,
        int restarted,
        int rate,
        Duration before,
        Duration outage,
        Duration after,
        Duration restartAfter) {

    /** Returns the settings for an outage of that length, during which a third of the instances restarts. */
    static Settings of(int instances, Duration outage) {
        return new Settings(
                instances,
                Math.max(1, instances / 3),
                20 * instances,
                Duration.ofSeconds(5),
                outage,
                Duration.ofSeconds(15),
                outage.dividedBy(3));
    }
}
