package dev.healthcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The checks that are registered at one moment, in the order of registration. Immutable. */
final class CheckSnapshot {
    static final RegisteredCheck[] NONE = {};

    private final Map<String, RegisteredCheck> byName;
    private final RegisteredCheck[] all;
    private final Map<Probe, RegisteredCheck[]> byProbe = new EnumMap<>(Probe.class);
    private final RegisteredCheck[] startup;

    private CheckSnapshot(Map<String, RegisteredCheck> byName, Collection<RegisteredCheck> inOrder) {
        this.byName = byName;
        all = inOrder.toArray(NONE);
        for (Probe probe : Probe.values()) {
            byProbe.put(probe, of(all, probe));
        }
        startup = of(Probe.STARTUP);
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

    /** Returns the checks of {@code names}, in that order, each once; leaves out names that are not registered. */
    RegisteredCheck[] find(Collection<String> names) {
        Collection<String> distinct = names instanceof Set ? names : new LinkedHashSet<>(names);
        RegisteredCheck[] found = new RegisteredCheck[distinct.size()];
        int count = 0;
        for (String name : distinct) {
            RegisteredCheck check = byName.get(name);
            if (check != null) {
                found[count++] = check;
            }
        }
        return count == found.length ? found : Arrays.copyOf(found, count);
    }

    /** Returns the names of the checks, in the order of registration. */
    List<String> names() {
        return Arrays.stream(all).map(RegisteredCheck::name).toList();
    }

    /** Returns the checks of {@code probe}, or all if it is null. Not to be changed. */
    RegisteredCheck[] of(@Nullable Probe probe) {
        return probe == null ? all : byProbe.getOrDefault(probe, NONE);
    }

    /** Returns whether a required startup check has not passed yet. */
    boolean isStarting() {
        for (RegisteredCheck check : startup) {
            if (check.isStarting()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the checks that readiness waits for although they do not belong to it, and that have no fresh verdict.
     */
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
