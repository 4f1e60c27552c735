package dev.healthcheck;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The events of a simulation, in the order of their times: nanoseconds since the first request. Not thread-safe. */
final class FleetAgenda {
    private final PriorityQueue<Item> items =
            new PriorityQueue<>(Comparator.comparingLong(Item::at).thenComparingLong(Item::number));
    private long now;
    private long added;

    long now() {
        return now;
    }

    /** Has {@code task} called at that time. Tasks of the same time are called in the order in which they were added. */
    void add(long at, Runnable task) {
        items.add(new Item(at, added++, task));
    }

    /** Calls all tasks before {@code end}. */
    void runUntil(long end) {
        for (Item next = items.poll(); next != null && next.at < end; next = items.poll()) {
            now = next.at;
            next.task.run();
        }
    }

    private record Item(long at, long number, Runnable task) {}
}
