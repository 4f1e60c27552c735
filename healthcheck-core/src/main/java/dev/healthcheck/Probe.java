package dev.healthcheck;

/** A question that an orchestrator or load balancer asks, and what it does with the answer. */
public enum Probe {
    /** "Is the process alive?" DOWN restarts it. Only what a restart cures belongs here, never a dependency. */
    LIVENESS,
    /** "May it get traffic?" DOWN takes it out of rotation until it is not. */
    READINESS,
    /** "Has it started?" Each check of it counts once: it has passed at its first verdict that is not DOWN. */
    STARTUP
}
