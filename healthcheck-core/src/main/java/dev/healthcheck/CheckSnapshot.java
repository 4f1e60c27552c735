package dev.healthcheck;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The checks that are registered at one moment, in the order of registration. Immutable. */
final class CheckSnapshot {
    static final RegisteredCheck[] NONE = {};

    private final Map<String, RegisteredCheck> byName;
    private final RegisteredCheck[] all;
    private final RegisteredCheck[] liveness;
    private final RegisteredCheck[] readiness;
    private final RegisteredCheck[] startup;

    private CheckSnapshot(Map<String, RegisteredCheck> byName, Collection<RegisteredCheck> inOrder) {
        this.byName = byName;
        all = inOrder.toArray(NONE);
        liveness = of(all, Probe.LIVENESS);
        readiness = of(all, Probe.READINESS);
        startup = of(all, Probe.STARTUP);
    }

    static CheckSnapshot of(Map<String, RegisteredCheck> checks) {
        return new CheckSnapshot(Map.copyOf(checks), checks.values());
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
        return probe == Probe.LIVENESS ? liveness : probe == Probe.READINESS ? readiness : startup;
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
        if (startup.length == 0) {
            return NONE;
        }
        List<RegisteredCheck> starting = new ArrayList<>();
        for (RegisteredCheck check : startup) {
            if (check.isStarting() && !check.belongsTo(Probe.READINESS) && check.fresh(null, now) == null) {
                starting.add(check);
            }
        }
        return starting.toArray(NONE);
    }

    private static RegisteredCheck[] of(RegisteredCheck[] checks, Probe probe) {
        List<RegisteredCheck> asked = new ArrayList<>();
        for (RegisteredCheck check : checks) {
            if (check.belongsTo(probe)) {
                asked.add(check);
            }
        }
        return asked.toArray(NONE);
    }
}
