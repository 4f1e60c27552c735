package dev.healthcheck.spring;

import java.time.Duration;

/**
 * The times for which a context that closes waits, so that load balancers see that it drains.
 *
 * @param reports how many answers must have said so, one a second; positive
 * @param atLeast the shortest wait if somebody asks
 * @param atMost the longest wait
 */
record DrainTimes(int reports, Duration atLeast, Duration atMost) {
    static final String PHASE = "spring.lifecycle.timeout-per-shutdown-phase";

    private static final Duration AT_LEAST = Duration.ofSeconds(7);
    private static final Duration AT_MOST = Duration.ofSeconds(20);

    /**
     * Returns what the properties say.
     *
     * @param phase the longest time that one phase of a shutdown takes. Draining is one more phase of it
     * @throws InvalidSettingsException if the times contradict each other
     */
    static DrainTimes of(HealthcheckProperties.Drain drain, Duration phase) {
        require(drain.reports() >= 1, "reports", drain.reports(), ">= 1");
        Duration atMost = drain.atMost() == null ? shorter(AT_MOST, phase) : drain.atMost();
        require(atMost.compareTo(phase) <= 0, "at-most", atMost, "<= " + phase + ", " + PHASE);
        require(!atMost.isNegative(), "at-most", atMost, ">= 0");
        Duration atLeast = drain.atLeast() == null ? shorter(AT_LEAST, atMost) : drain.atLeast();
        require(!atLeast.isNegative(), "at-least", atLeast, ">= 0");
        require(atLeast.compareTo(atMost) <= 0, "at-least", atLeast, "<= " + atMost + ", healthcheck.drain.at-most");
        return new DrainTimes(drain.reports(), atLeast, atMost);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static void require(boolean condition, String name, Object value, String expected) {
        if (!condition) {
            throw new InvalidSettingsException(
                    "healthcheck.drain." + name + ": " + value + " (expected: " + expected + ")",
                    "Correct the property.",
                    null);
        }
    }
}
