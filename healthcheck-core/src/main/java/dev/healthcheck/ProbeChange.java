package dev.healthcheck;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the whole of a probe: of the status that its report has, or of the report's reason. Immutable.
 *
 * @param probe the probe; null for the overall report
 * @param from the status before; null the first time that a listener hears of this probe
 * @param to the status from now on
 * @param reason {@code closed}, {@code draining} or {@code starting} as in {@link HealthReport#reason()}; null if the
 *     status depends on the checks alone
 * @param checks the names of the checks that make it so, at most 20, those first that have done so for longest: the
 *     required ones that are DOWN, or all that are not UP if {@code to} is {@link Status#DEGRADED}, or the startup checks
 *     that have not passed if the reason is {@code starting}; otherwise empty
 * @param at the date of the change
 */
public record ProbeChange(
        @Nullable Probe probe,
        @Nullable Status from,
        Status to,
        @Nullable String reason,
        List<String> checks,
        Instant at) {

    /**
     * Creates a change. Keeps a copy of the names.
     *
     * @param probe the probe; null for the overall report
     * @param from the status before; null at the first report
     * @param to the status from now on
     * @param reason the reason; null if there is none
     * @param checks the names of the checks
     * @param at the date
     */
    public ProbeChange {
        checks = List.copyOf(checks);
    }
}
