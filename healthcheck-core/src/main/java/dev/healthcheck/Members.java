package dev.healthcheck;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The checks that are registered at one moment, in the order of registration. Immutable. */
final class Members {
    static final RegisteredCheck[] NONE = {};

    private final Map<String, RegisteredCheck> byName;
    private final RegisteredCheck[] all;
    private final RegisteredCheck[] liveness;
    private final RegisteredCheck[] readiness;
    private final RegisteredCheck[] startup;

    private Members(Map<String, RegisteredCheck> byName, Collection<RegisteredCheck> inOrder) {
        this.byName = byName;
        all = inOrder.toArray(NONE);
        liveness = of(all, Probe.LIVENESS);
        readiness = of(all, Probe.READINESS);
        startup = of(all, Probe.STARTUP);
    }

    static Members of(Map<String, RegisteredCheck> checks) {
        return new Members(Map.copyOf(checks), checks.values());
    }

    @Nullable
    RegisteredCheck find(String name) {
        return byName.get(name);
    }

    RegisteredCheck[] all() {
        return all;
    }

    /** Not to be changed. Those of the probe, or all if it is null. */
    RegisteredCheck[] of(@Nullable Probe probe) {
        if (probe == null) {
            return all;
        }
        return switch (probe) {
            case LIVENESS -> liveness;
            case READINESS -> readiness;
            case STARTUP -> startup;
        };
    }

    /** Whether some check keeps the application from having started. */
    boolean isStarting() {
        for (RegisteredCheck check : startup) {
            if (check.isStarting()) {
                return true;
            }
        }
        return false;
    }

    /** Those of them that have to be asked again, if they are not asked for readiness anyway. */
    RegisteredCheck[] starting(long now) {
        return startup.length == 0
                ? NONE
                : Arrays.stream(startup)
                        .filter(check -> check.isStarting()
                                && !check.belongsTo(Probe.READINESS)
                                && check.fresh(null, now) == null)
                        .toArray(RegisteredCheck[]::new);
    }

    private static RegisteredCheck[] of(RegisteredCheck[] checks, Probe probe) {
        return Arrays.stream(checks).filter(check -> check.belongsTo(probe)).toArray(RegisteredCheck[]::new);
    }
}
