package dev.healthcheck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Compares a simulation with the real run, and lists the results that differ by more than allowed. */
final class FleetAgreement {
    private static final double POINTS = 3;
    private static final Duration RECOVERY = Duration.ofSeconds(2);

    private final FleetRun real;
    private final FleetResult simulated;
    private final List<String> differences = new ArrayList<>();

    private FleetAgreement(FleetRun real, FleetResult simulated) {
        this.real = real;
        this.simulated = simulated;
    }

    /** Returns what does not agree, in words. */
    static List<String> differences(FleetRun real, FleetResult simulated) {
        FleetAgreement agreement = new FleetAgreement(real, simulated);
        FleetResult result = real.result();
        agreement.compareShares("served", result.served(), simulated.served());
        agreement.compareShares("degraded", result.degraded(), simulated.degraded());
        agreement.compareShares("failed", result.failed(), simulated.failed());
        agreement.compareRecovery(result.recovery(), simulated.recovery());
        agreement.compareRestarts(result.restarts(), simulated.restarts());
        return agreement.differences;
    }

    private void compareShares(String kind, long ofReal, long ofSimulated) {
        double one = real.result().percent(ofReal);
        double other = simulated.percent(ofSimulated);
        if (Math.abs(one - other) > POINTS) {
            differ("%s %.1f %%, simulated %.1f %% (expected: within %.0f points)", kind, one, other, POINTS);
        }
    }

    private void compareRecovery(Duration one, Duration other) {
        if (one.minus(other).abs().compareTo(RECOVERY) > 0) {
            differ(
                    "recovery %s, simulated %s (expected: within %s)",
                    Nanos.inWords(one.toNanos()), Nanos.inWords(other.toNanos()), Nanos.inWords(RECOVERY.toNanos()));
        }
    }

    private void compareRestarts(int one, int other) {
        if (one != other) {
            differ("restarts %d, simulated %d (expected: the same)", one, other);
        }
    }

    private void differ(String words, Object... values) {
        differences.add(real.settings().policy() + ": " + String.format(Locale.ROOT, words, values));
    }
}
