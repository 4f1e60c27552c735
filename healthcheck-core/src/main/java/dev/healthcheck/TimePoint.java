package dev.healthcheck;

import java.time.Instant;

/** Now, in both ways of telling time, read together and outside of any lock. */
record TimePoint(long nanos, Instant date) {}
