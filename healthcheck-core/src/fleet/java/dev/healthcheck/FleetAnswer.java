package dev.healthcheck;

/** The answer of the fleet to one request of a user. */
enum FleetAnswer {
    SERVED,
    DEGRADED,
    FAILED
}
