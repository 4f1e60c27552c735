package dev.healthcheck;

/** What a user gets for a request. */
enum FleetAnswer {
    SERVED,
    DEGRADED,
    FAILED
}
