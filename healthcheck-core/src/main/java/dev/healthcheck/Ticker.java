package dev.healthcheck;

/**
 * A source of elapsed time in nanoseconds, of which only differences have a meaning. Dates come from an
 * {@link java.time.InstantSource}; the library never computes one from the other.
 */
@FunctionalInterface
interface Ticker {
    long nanos();
}
