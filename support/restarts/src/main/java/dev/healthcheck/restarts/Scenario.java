package dev.healthcheck.restarts;

import java.time.Duration;

/**
 * One run.
 *
 * @param settings what the documents call the settings of the balancer
 * @param configuration of the balancer, with the addresses of the documents
 * @param ending how the instances are ended
 * @param restarts how often one of the two instances is restarted
 * @param method of the requests
 * @param length how long the service needs for a request
 */
record Scenario(
        Program program,
        String settings,
        String configuration,
        Drain drain,
        Ending ending,
        int restarts,
        String method,
        Duration length) {

    /** How an instance ends. */
    enum Ending {
        SIGTERM,
        SIGKILL
    }

    /** Requests of several seconds need more clients, or hardly any is in flight when an instance stops. */
    int clients() {
        return length.toSeconds() > 0 ? 24 : 8;
    }
}
