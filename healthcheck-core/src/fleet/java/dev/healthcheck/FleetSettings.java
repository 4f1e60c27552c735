package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import java.time.Duration;

/**
 * What happens to a fleet, and how it is watched. The driver of {@code examples/fleet} has the same settings.
 *
 * @param policy how the check of the database counts
 * @param instances how many instances there are
 * @param restarted how many of them restart during the outage
 * @param rate requests a second, for all instances together
 * @param seed decides when each instance is probed
 */
record FleetSettings(
        FleetPolicy policy, int instances, int restarted, int rate, Probing probing, Course course, long seed) {

    /**
     * The model of a balancer.
     *
     * @param interval the time from the end of a probe to the next
     * @param fall failed probes in a row after which an instance gets no requests
     * @param rise successful probes in a row after which it gets requests again
     */
    record Probing(Duration interval, int fall, int rise) {
        static final Probing DEFAULT = new Probing(ofSeconds(1), 2, 2);
    }

    /**
     * The course of the outage.
     *
     * @param before the time from the first request until the database goes away
     * @param outage how long the database is away
     * @param after the time from its return to the last request
     * @param restartAfter the time from the begin of the outage until some instances begin to stop
     * @param drain how long a stopping instance drains before it closes its port
     * @param restart the time from the begin of a stop until the new process answers
     */
    record Course(
            Duration before, Duration outage, Duration after, Duration restartAfter, Duration drain, Duration restart) {
        static final Course DEFAULT =
                new Course(ofSeconds(5), ofSeconds(30), ofSeconds(15), ofSeconds(10), ofSeconds(3), ofMillis(4500));
    }

    /** Returns an outage of 30 s for a fleet of three, one of which restarts. */
    static FleetSettings of(FleetPolicy policy) {
        return new FleetSettings(policy, 3, 1, 60, Probing.DEFAULT, Course.DEFAULT, 1);
    }

    /** Returns the same for a fleet of another size: in proportion as many restart, and each gets as many requests. */
    FleetSettings withInstances(int number) {
        return new FleetSettings(
                policy, number, number * restarted / instances, number * rate / instances, probing, course, seed);
    }

    FleetSettings withRestarted(int other) {
        return new FleetSettings(policy, instances, other, rate, probing, course, seed);
    }

    FleetSettings withSeed(long other) {
        return new FleetSettings(policy, instances, restarted, rate, probing, course, other);
    }
}
