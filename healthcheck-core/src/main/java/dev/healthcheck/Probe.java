package dev.healthcheck;

/** The question that an orchestrator or a load balancer asks. */
public enum Probe {
    /**
     * "Is the process alive?" An orchestrator restarts a process that is DOWN. Only a check whose failure a restart
     * cures belongs here, never a dependency.
     */
    LIVENESS,
    /** "May it get traffic?" A load balancer sends no traffic to an instance while it is DOWN. */
    READINESS,
    /**
     * "Has it started?" A check passes at its first verdict that is not DOWN, and is not run for this probe again. The
     * probe is UP when all its checks have passed.
     */
    STARTUP
}
