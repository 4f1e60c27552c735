package dev.healthcheck;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/** Runs what it is given only when told, on the thread of the test. */
final class FakeWorkers extends Workers {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final Set<Run> begun = new HashSet<>();
    private boolean refusing;
    private boolean atOnce;
    private boolean listenersBlock;

    @Override
    public void execute(Runnable task) {
        if (refusing) {
            throw new RejectedExecutionException("no thread can be started");
        }
        if (atOnce && task instanceof Run) {
            run(task);
        } else {
            tasks.add(task);
        }
    }

    /** Sets whether from now on checks run on the thread that asks for them. */
    void runAtOnce(boolean runAtOnce) {
        atOnce = runAtOnce;
    }

    /** Sets whether from now on no check gets a thread. */
    void refuse(boolean refuse) {
        refusing = refuse;
    }

    @Override
    void soon(Runnable task) {
        tasks.add(task);
    }

    void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            run(task);
        }
    }

    /** Has all runs that wait for a thread begin, and get no further. */
    void beginAll() {
        List.copyOf(tasks).forEach(task -> {
            if (task instanceof Run run) {
                begin(run);
            }
        });
    }

    /** Has the newest run begin, and returns what it is told of its deadline. */
    Deadline beginNewest() {
        Run newest = newest();
        begin(newest);
        return newest.until();
    }

    private void begin(Run run) {
        if (!begun.contains(run) && run.begin()) {
            begun.add(run);
        }
    }

    private void run(Runnable task) {
        if (task instanceof Run run && begun.remove(run)) {
            run.call();
        } else {
            task.run();
        }
    }

    /** Sets whether from now on no event is told, as if a listener blocked. */
    void blockListeners(boolean block) {
        listenersBlock = block;
    }

    /** Runs all but the runs of checks, as if all of these were waiting for something. */
    void runAllButChecks() {
        Deque<Runnable> runs = new ArrayDeque<>();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            if (task instanceof Run || (listenersBlock && task instanceof EventDispatcher.Delivery)) {
                runs.add(task);
            } else {
                runElsewhere(task);
            }
        }
        tasks.addAll(runs);
    }

    /** As if on another thread: it may interrupt this one, but not take its interrupt away. */
    private static void runElsewhere(Runnable task) {
        boolean interrupted = Thread.interrupted();
        task.run();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs the last run of a check that was started. */
    void runNewest() {
        Run newest = newest();
        tasks.remove(newest);
        run(newest);
    }

    private Run newest() {
        return tasks.stream()
                .filter(Run.class::isInstance)
                .map(Run.class::cast)
                .reduce((older, newer) -> newer)
                .orElseThrow();
    }

    /** The runs of checks that have been started and not run. */
    long waitingRuns() {
        return tasks.stream().filter(Run.class::isInstance).count();
    }

    /** The runs of checks that have been started and not run, in that order, as text. */
    List<String> waiting() {
        return tasks.stream()
                .filter(Run.class::isInstance)
                .map(Object::toString)
                .toList();
    }

    /** Runs one of the runs of the check of that name that have been started. */
    void run(String name, int index) {
        Runnable task = tasks.stream()
                .filter(one -> one instanceof Run && one.toString().equals("run of " + name))
                .skip(index)
                .findFirst()
                .orElseThrow();
        tasks.remove(task);
        run(task);
    }

    /** Has one of the runs of the check of that name begin, and get no further. Returns its deadline. */
    Deadline begin(String name, int index) {
        Run run = tasks.stream()
                .filter(one -> one instanceof Run && one.toString().equals("run of " + name))
                .skip(index)
                .map(Run.class::cast)
                .findFirst()
                .orElseThrow();
        begin(run);
        return run.until();
    }
}
