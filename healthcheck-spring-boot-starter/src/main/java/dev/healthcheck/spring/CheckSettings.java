package dev.healthcheck.spring;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.Probe;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of an application about one check. Null: the property is not set.
 *
 * @param enabled whether Actuator shows the check
 * @param inline whether an indicator runs on the thread of the request: without a deadline, and at each request
 * @param required whether a failure of the check makes the whole fail: true, false, or to-start for a check that must
 *     succeed once and is optional from then on
 * @param probes the probes of the registry to which the check belongs; the groups of Actuator are not affected
 * @param timeout how long a run may take
 * @param every the time between two runs; without it the check runs on demand
 * @param cacheFor how long a result holds
 * @param slowAfter the duration above which a check that is well is degraded
 * @param failureThreshold how many runs in a row must fail
 * @param successThreshold how many runs in a row must succeed after a failure
 * @param interruptOnTimeout whether the thread of an overdue run is interrupted
 */
record CheckSettings(
        @DefaultValue("true") boolean enabled,
        boolean inline,
        @Nullable Required required,
        @Nullable Set<Probe> probes,
        @Nullable Duration timeout,
        @Nullable Duration every,
        @Nullable Duration cacheFor,
        @Nullable Duration slowAfter,
        @Nullable Integer failureThreshold,
        @Nullable Integer successThreshold,
        @Nullable Boolean interruptOnTimeout) {
    static final CheckSettings NONE =
            new CheckSettings(true, false, null, null, null, null, null, null, null, null, null);

    /** Returns {@code options} with the changes that these settings ask for. */
    CheckOptions applyTo(CheckOptions options) {
        CheckOptions changed = options;
        changed = with(changed, required, Required::applyTo);
        changed = with(changed, probes, CheckSettings::withProbes);
        changed = with(changed, timeout, CheckOptions::timeout);
        changed = with(changed, every, CheckOptions::every);
        changed = with(changed, cacheFor, CheckOptions::cacheFor);
        changed = with(changed, slowAfter, CheckOptions::slowAfter);
        changed = with(changed, failureThreshold, CheckOptions::failureThreshold);
        changed = with(changed, successThreshold, CheckOptions::successThreshold);
        return with(changed, interruptOnTimeout, CheckOptions::interruptOnTimeout);
    }

    private static CheckOptions withProbes(CheckOptions options, Set<Probe> probes) {
        Probe[] all = probes.toArray(Probe[]::new);
        return all.length == 0 ? options : options.probes(all[0], all);
    }

    private static <T> CheckOptions with(
            CheckOptions options, @Nullable T value, BiFunction<CheckOptions, T, CheckOptions> change) {
        return value == null ? options : change.apply(options, value);
    }

    /** Says when a failure of a check makes the whole fail. */
    enum Required {
        TRUE,
        FALSE,
        TO_START;

        private static CheckOptions applyTo(CheckOptions options, Required required) {
            return switch (required) {
                case TRUE -> options.required();
                case FALSE -> options.optional();
                case TO_START -> options.requiredToStart();
            };
        }
    }
}
