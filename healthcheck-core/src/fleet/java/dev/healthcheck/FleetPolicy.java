package dev.healthcheck;

import java.util.Locale;

/** The option with which each instance registers the check of the shared database. */
enum FleetPolicy {
    REQUIRED,
    OPTIONAL,
    REQUIRED_TO_START,
    /** The mistake against which {@link CheckOptions#allowInLiveness} stands, for comparison. Simulated only. */
    IN_LIVENESS;

    CheckOptions applyTo(CheckOptions options) {
        return switch (this) {
            case REQUIRED -> options.required();
            case OPTIONAL -> options.optional();
            case REQUIRED_TO_START -> options.requiredToStart();
            case IN_LIVENESS -> options.probes(Probe.READINESS, Probe.LIVENESS);
        };
    }

    /** Returns the policy of the word that the driver of {@code examples/fleet} writes. */
    static FleetPolicy of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
