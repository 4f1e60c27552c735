package dev.healthcheck;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a listener is told, in words. For one thread at a time. */
final class EventRecorder implements HealthListener {
    final List<String> told = new ArrayList<>();

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

    /** The words that begin so. */
    List<String> told(String begin) {
        return told.stream().filter(words -> words.startsWith(begin)).toList();
    }
}
