package dev.healthcheck;

import java.util.Set;

/** What has been told of one registration. Used by the delivering thread only, through {@link ToldState}. */
final class ToldCheck {
    final String name;
    final Set<Probe> probes;
    /** Whether the instance is starting until this check has passed. */
    final boolean startsUp;

    boolean begun;
    /** The first verdict has been told. */
    boolean known;
    /** This is a startup check, and has passed. */
    boolean passed;

    ToldCheck(String name, CheckOptions options) {
        this.name = name;
        probes = options.probes;
        startsUp = options.startsRequired() && probes.contains(Probe.STARTUP);
    }
}
