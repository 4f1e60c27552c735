package dev.healthcheck;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The runs of a registry that are on a thread at this moment. Thread-safe. */
final class RunTracker {
    private final Set<Tracked> running = ConcurrentHashMap.newKeySet();

    void entered(Tracked run) {
        running.add(run);
    }

    /** Does nothing if {@code run} has not entered, or has left already. */
    void left(Tracked run) {
        if (running.remove(run) && running.isEmpty()) {
            synchronized (running) {
                running.notifyAll();
            }
        }
    }

    boolean isRunning(Thread thread) {
        return running.stream().anyMatch(run -> run.isOn(thread));
    }

    /** Returns the number of runs that are {@linkplain Tracked#isLostAt lost}. */
    int lostAt(long now) {
        return (int) running.stream().filter(run -> run.isLostAt(now)).count();
    }

    /** Returns the names of the checks whose runs are on other threads than {@code thread}, sorted. */
    List<String> namesExceptOn(Thread thread) {
        return running.stream()
                .filter(run -> !run.isOn(thread))
                .map(Tracked::name)
                .sorted()
                .toList();
    }

    /** Waits until no run is on a thread, but not longer than {@code until}, in terms of {@link System#nanoTime}. */
    void awaitEnd(long until) throws InterruptedException {
        synchronized (running) {
            for (long left; !running.isEmpty() && (left = until - System.nanoTime()) > 0; ) {
                TimeUnit.NANOSECONDS.timedWait(running, left);
            }
        }
    }

    /** A run as this class knows it. */
    interface Tracked {

        /** Returns the name of the check. */
        String name();

        /** Returns whether the check is being called on {@code thread}. */
        boolean isOn(Thread thread);

        /** Returns whether the run has been overdue for so long that it may never end. */
        boolean isLostAt(long now);
    }
}
