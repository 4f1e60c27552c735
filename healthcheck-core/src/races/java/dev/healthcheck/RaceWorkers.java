package dev.healthcheck;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Runs what it is given only when told, on the thread that tells. The FakeWorkers of the tests are for one thread; these take
 * no lock, which would put the actors of a race in an order. Thread-safe.
 */
final class RaceWorkers extends Workers {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

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

    /** Takes out the oldest run of a check, to be run by whoever wants to. */
    Run takeRun() {
        Run oldest =
                (Run) tasks.stream().filter(Run.class::isInstance).findFirst().orElseThrow();
        tasks.remove(oldest);
        return oldest;
    }

    long waitingRuns() {
        return tasks.stream().filter(Run.class::isInstance).count();
    }
}
