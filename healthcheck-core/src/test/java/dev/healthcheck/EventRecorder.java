package dev.healthcheck;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what a listener is told, in words. For one thread at a time. */
final class EventRecorder implements HealthListener {
    /** All but what concerns whole probes. */
    final List<String> told = new ArrayList<>();

    final List<ProbeChange> probes = new ArrayList<>();

    @Override
    public void onChange(StatusChange change) {
        told.add("change of " + change.check() + " to " + change.to());
    }

    @Override
    public void onRun(CheckReport report) {
        told.add("run of " + report.name());
    }

    @Override
    public void onRegistered(String name) {
        told.add("registered " + name);
    }

    @Override
    public void onUnregistered(String name) {
        told.add("unregistered " + name);
    }

    @Override
    public void onProbe(ProbeChange change) {
        probes.add(change);
    }

    /** The changes of a probe, or of the overall report for none, as "from, to, reason". */
    List<String> probe(@Nullable Probe probe) {
        return probes.stream()
                .filter(change -> change.probe() == probe)
                .map(change -> change.from() + ", " + change.to() + ", " + change.reason())
                .toList();
    }

    /** The names of the checks that made the last change of a whole probe. */
    List<String> because() {
        return probes.get(probes.size() - 1).checks();
    }

    /** The words that begin so. */
    List<String> told(String begin) {
        return told.stream().filter(words -> words.startsWith(begin)).toList();
    }
}
