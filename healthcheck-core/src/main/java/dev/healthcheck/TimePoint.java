package dev.healthcheck;

import java.time.Instant;

/** A point in time as elapsed nanoseconds and as a date, which were read together and outside of any lock. */
record TimePoint(long nanos, Instant date) {}
