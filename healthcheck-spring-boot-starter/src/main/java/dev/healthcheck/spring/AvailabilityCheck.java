package dev.healthcheck.spring;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Probe;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;

/**
 * Lets this library's own endpoint say what the application says of itself, as Actuator's indicators do: it takes no traffic
 * before its runners have ended.
 */
final class AvailabilityCheck implements HealthCheck {
    private final Probe probe;
    private final AvailabilityState well;
    private final Supplier<AvailabilityState> state;

    private AvailabilityCheck(Probe probe, AvailabilityState well, Supplier<AvailabilityState> state) {
        this.probe = probe;
        this.well = well;
        this.state = state;
    }

    static AvailabilityCheck ofReadiness(ApplicationAvailability availability) {
        return new AvailabilityCheck(
                Probe.READINESS, ReadinessState.ACCEPTING_TRAFFIC, availability::getReadinessState);
    }

    /** An application that has said nothing yet is alive. */
    static AvailabilityCheck ofLiveness(ApplicationAvailability availability) {
        return new AvailabilityCheck(
                Probe.LIVENESS,
                LivenessState.CORRECT,
                () -> availability.getState(LivenessState.class, LivenessState.CORRECT));
    }

    @Override
    public CheckOptions options(CheckOptions defaults) {
        return defaults.probes(probe)
                .cacheFor(Duration.ZERO)
                .failureThreshold(1)
                .successThreshold(1);
    }

    @Override
    public CheckResult check() {
        AvailabilityState now = state.get();
        if (now.equals(well)) {
            return CheckResult.up();
        }
        CheckResult down = CheckResult.down("the application says " + now);
        return now == ReadinessState.REFUSING_TRAFFIC ? down.withReason("out-of-service") : down;
    }
}
