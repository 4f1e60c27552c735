package dev.healthcheck.jdbc;

/** Elapsed time in nanoseconds, which mean something only as a difference. */
@FunctionalInterface
interface Ticker {
    Ticker SYSTEM = System::nanoTime;

    long nanos();
}
