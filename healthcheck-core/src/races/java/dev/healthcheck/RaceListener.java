package dev.healthcheck;

import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told, in words. Needs no lock: one thread delivers at a time. */
final class RaceListener implements HealthListener {
    final List<String> told = new ArrayList<>();
    /** The changes of readiness as a whole. */
    final List<String> readiness = new ArrayList<>();

    @Override
    public void onChange(StatusChange change) {
        told.add("change");
    }

    @Override
    public void onRun(CheckReport report) {
        told.add("run");
    }

    @Override
    public void onRegistered(String name) {
        told.add("registered");
    }

    @Override
    public void onUnregistered(String name) {
        told.add("unregistered");
    }

    @Override
    public void onProbe(ProbeChange change) {
        if (change.probe() == Probe.READINESS) {
            readiness.add(change.reason() == null ? change.to().toString() : change.reason());
        }
    }

    /** What was told, in words. */
    String inWords() {
        return String.join(" ", told);
    }

    /** What was told of readiness, in words. */
    String readinessInWords() {
        return String.join(" ", readiness);
    }
}
