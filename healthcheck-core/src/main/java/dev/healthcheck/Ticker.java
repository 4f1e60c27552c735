package dev.healthcheck;

/**
 * Elapsed time in nanoseconds, which mean something only as a difference. Dates come from an
 * {@link java.time.InstantSource}; neither is ever computed from the other.
 */
@FunctionalInterface
interface Ticker {
    long nanos();
}
