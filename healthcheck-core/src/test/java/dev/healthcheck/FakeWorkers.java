package dev.healthcheck;

import java.util.ArrayDeque;
import java.util.Deque;

/** Runs what it is given only when told, on the thread of the test. */
final class FakeWorkers extends Workers {
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    void soon(Runnable task) {
        tasks.add(task);
    }

    void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Runs all but the runs of checks, as if all of these were waiting for something. */
    void runAllButChecks() {
        Deque<Runnable> runs = new ArrayDeque<>();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            if (task instanceof Run) {
                runs.add(task);
            } else {
                task.run();
            }
        }
        tasks.addAll(runs);
    }

    /** Runs the last run of a check that was started. */
    void runNewest() {
        Run newest = tasks.stream()
                .filter(Run.class::isInstance)
                .map(Run.class::cast)
                .reduce((older, newer) -> newer)
                .orElseThrow();
        tasks.remove(newest);
        newest.run();
    }

    /** The runs of checks that have been started and not run. */
    long waitingRuns() {
        return tasks.stream().filter(Run.class::isInstance).count();
    }
}
