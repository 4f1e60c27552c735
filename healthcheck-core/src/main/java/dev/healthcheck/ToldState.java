package dev.healthcheck;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has been told of all checks. Finds out when the whole of a probe changes, and what a listener has to know that is
 * added later. An event costs the same however many checks there are. Used by the delivering thread only.
 *
 * <p>Invariant: a method that fails for want of memory can be called again with the same arguments.
 */
final class ToldState {
    private final ToldProbe[] probes = {
        new ToldProbe(Probe.LIVENESS), new ToldProbe(Probe.READINESS), new ToldProbe(Probe.STARTUP), new ToldProbe(null)
    };

    /** The names of the checks that are registered, in the order of registration. */
    private final Set<String> checks = new LinkedHashSet<>();
    /** The names of the required startup checks that have not passed. */
    private final Set<String> starting = new LinkedHashSet<>();

    private boolean draining;
    private boolean closed;

    void begin(ToldCheck check) {
        checks.add(check.name);
        if (check.startsUp) {
            starting.add(check.name);
        }
        if (!check.begun) {
            check.begun = true;
            for (ToldProbe probe : probes) {
                if (probe.covers(check)) {
                    probe.begin();
                }
            }
        }
    }

    /** A check is shown as in {@code report} from now on. */
    void show(ToldCheck check, CheckReport report) {
        if (!check.begun) {
            return;
        }
        for (ToldProbe probe : probes) {
            if (probe.covers(check) && !(probe.probe() == Probe.STARTUP && check.passed)) {
                boolean alive = probe.probe() == Probe.LIVENESS;
                probe.show(check.name, alive ? report.inLiveness() : report.status(), report.required());
            }
        }
        if (!check.known) {
            check.known = true;
            for (ToldProbe probe : probes) {
                if (probe.covers(check)) {
                    probe.know();
                }
            }
        }
    }

    /** A startup check has passed with {@code report}, which that probe shows for good. */
    void pass(ToldCheck check, CheckReport report) {
        if (!check.begun) {
            return;
        }
        for (ToldProbe probe : probes) {
            if (probe.probe() == Probe.STARTUP) {
                probe.show(check.name, report.status(), report.required());
            }
        }
        check.passed = true;
        starting.remove(check.name);
    }

    /** A check is registered no longer. A closed registry goes on to answer for it. */
    void end(ToldCheck check) {
        checks.remove(check.name);
        if (closed || !check.begun) {
            return;
        }
        check.begun = false;
        starting.remove(check.name);
        for (ToldProbe probe : probes) {
            if (probe.covers(check)) {
                probe.end(check.name, check.known);
            }
        }
    }

    void drain() {
        draining = true;
    }

    void close() {
        closed = true;
    }

    /** Returns the probes that have changed {@code at}. */
    List<ProbeChange> news(Instant at) {
        List<ProbeChange> news = List.of();
        for (ToldProbe probe : probes) {
            ProbeChange change = probe.news(reason(probe), because(probe), at);
            if (change != null) {
                news = news.isEmpty() ? new ArrayList<>(probes.length) : news;
                news.add(change);
            }
        }
        return news;
    }

    /** These are known from now on. Needs no memory. */
    void told(List<ProbeChange> news) {
        for (ToldProbe probe : probes) {
            probe.told(news);
        }
    }

    /** Returns what is known of the probes, for a listener that has heard of none. */
    List<ProbeChange> present() {
        List<ProbeChange> all = new ArrayList<>(probes.length);
        for (ToldProbe probe : probes) {
            ProbeChange present = probe.present(because(probe));
            if (present != null) {
                all.add(present);
            }
        }
        return all;
    }

    /** Returns the names of the checks that are registered, in the order of registration. */
    String[] checks() {
        return checks.toArray(new String[0]);
    }

    /** Returns why a probe is DOWN whatever its checks say; null if it is not. */
    private @Nullable String reason(ToldProbe probe) {
        if (probe.probe() == Probe.LIVENESS || probe.probe() == Probe.STARTUP) {
            return null;
        }
        if (closed) {
            return "closed";
        }
        if (draining) {
            return "draining";
        }
        return starting.isEmpty() ? null : "starting";
    }

    /** Returns the names of the checks that make a probe what it is. */
    private Set<String> because(ToldProbe probe) {
        String reason = reason(probe);
        if (reason == null) {
            return probe.because();
        }
        return reason.equals("starting") ? starting : Set.of();
    }
}
