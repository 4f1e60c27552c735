package dev.healthcheck;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The whole of a probe, as far as events have been told. Used by the delivering thread only, through {@link ToldState}.
 *
 * <p>Nothing is told of it before the registry could have answered for it without a run: before each of its checks has
 * a verdict, or it is DOWN whatever the others say. A check that is registered later counts from its first verdict on.
 */
final class ToldProbe {
    private static final int MOST_NAMES = 20;

    private final @Nullable Probe probe;
    /** The names of required checks that are DOWN, in the order in which they went DOWN. */
    private final Set<String> down = new LinkedHashSet<>();
    /** The names of other checks that are not UP, likewise. */
    private final Set<String> degraded = new LinkedHashSet<>();
    /** The number of checks without a verdict. */
    private int unknown;
    /** The number of checks with a verdict. */
    private int known;
    /** The last change, as if it had been told to all; null if there was none. */
    private @Nullable ProbeChange told;

    ToldProbe(@Nullable Probe probe) {
        this.probe = probe;
    }

    /** Returns the probe; null for the overall report. */
    @Nullable
    Probe probe() {
        return probe;
    }

    boolean covers(ToldCheck check) {
        return probe == null || check.probes.contains(probe);
    }

    /** A check is registered, and has no verdict. */
    void begin() {
        unknown++;
    }

    /** A check is shown so. */
    void show(String check, Status status, boolean required) {
        boolean fails = status == Status.DOWN && required;
        keep(down, check, fails);
        keep(degraded, check, status != Status.UP && !fails);
    }

    private static void keep(Set<String> names, String check, boolean kept) {
        if (kept) {
            names.add(check);
        } else {
            names.remove(check);
        }
    }

    /** A check that has just been shown was not shown before. */
    void know() {
        unknown--;
        known++;
    }

    /** A check is registered no longer; {@code shown} if it had a verdict. */
    void end(String check, boolean shown) {
        down.remove(check);
        degraded.remove(check);
        known -= shown ? 1 : 0;
        unknown -= shown ? 0 : 1;
    }

    /**
     * Returns what is to be told of it now; null if nothing.
     *
     * @param reason why it is DOWN whatever its checks say, or null
     * @param because the names of the checks that make it what it is
     */
    @Nullable
    ProbeChange news(@Nullable String reason, Set<String> because, Instant at) {
        Status status = reason == null ? worst() : Status.DOWN;
        if (told == null) {
            return isKnown(status) ? change(null, status, reason, because, at) : null;
        }
        boolean same = told.to() == status && Objects.equals(told.reason(), reason);
        return same ? null : change(told.to(), status, reason, because, at);
    }

    private boolean isKnown(Status status) {
        return status == Status.DOWN || (known > 0 && unknown == 0);
    }

    private Status worst() {
        if (!down.isEmpty()) {
            return Status.DOWN;
        }
        return degraded.isEmpty() ? Status.UP : Status.DEGRADED;
    }

    /** Returns the names of the checks that make it what it is, if there is no other reason. */
    Set<String> because() {
        return down.isEmpty() ? degraded : down;
    }

    private ProbeChange change(
            @Nullable Status from, Status to, @Nullable String reason, Set<String> because, Instant at) {
        return new ProbeChange(probe, from, to, reason, first(because), at);
    }

    private static List<String> first(Set<String> names) {
        List<String> first = new ArrayList<>(Math.min(names.size(), MOST_NAMES));
        for (String name : names) {
            if (first.size() == MOST_NAMES) {
                break;
            }
            first.add(name);
        }
        return first;
    }

    /** Those of {@code changes} that are of this probe are known from now on. */
    void told(List<ProbeChange> changes) {
        for (int i = 0; i < changes.size(); i++) { // an iterator would need memory
            told = changes.get(i).probe() == probe ? changes.get(i) : told;
        }
    }

    /** Returns the last change as the first of which a listener hears; null if there was none. */
    @Nullable
    ProbeChange present(Set<String> because) {
        return told == null ? null : change(null, told.to(), told.reason(), because, told.at());
    }
}
