package dev.healthcheck;

import org.jspecify.annotations.Nullable;

/** An address behind the balancer, the process that answers there, and what others think of it. For one thread. */
final class FleetMember {
    /** Null from the end of a process until the next one answers. */
    @Nullable
    FleetInstance process;

    /** Whether the balancer sends requests. */
    boolean isUp = true;

    /** Probes of the balancer in a row that contradict {@link #isUp}. */
    int against;

    /** Liveness probes in a row that have failed. */
    int notAlive;

    /** From the begin of a stop until the next process answers. */
    boolean isRestarting;

    FleetMember(FleetInstance process) {
        this.process = process;
    }
}
