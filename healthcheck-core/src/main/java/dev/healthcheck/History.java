package dev.healthcheck;

import dev.healthcheck.CheckReport.PastRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * The last runs and changes of one check. Packed and grown on demand, since there may be many thousand checks. A ring:
 * once full, each run overwrites the oldest. Thread-safe.
 */
final class History {
    private static final int MOST_RUNS = 60;
    private static final int MOST_CHANGES = 20;
    private static final int FIRST_CAPACITY = 4;
    private static final Status[] STATUSES = Status.values();

    private long[] epochMillis = {};
    private int[] micros = {};
    private byte[] statuses = {};
    /** Runs ever added. */
    private long added;

    private final Deque<StatusChange> changes = new ArrayDeque<>(0);

    @SuppressWarnings("EnumOrdinal") // the numbers never leave this object
    synchronized void add(RunOutcome outcome) {
        if (added == statuses.length && statuses.length < MOST_RUNS) {
            grow(Math.min(MOST_RUNS, Math.max(FIRST_CAPACITY, 2 * statuses.length)));
        }
        int slot = (int) (added++ % statuses.length);
        epochMillis[slot] = outcome.at().toEpochMilli();
        micros[slot] = (int) Math.min(Integer.MAX_VALUE, outcome.durationNanos() / 1000);
        statuses[slot] = (byte) outcome.result().status().ordinal();
    }

    synchronized void add(StatusChange change) {
        if (changes.size() == MOST_CHANGES) {
            changes.removeFirst();
        }
        changes.addLast(change.withoutCause());
    }

    synchronized List<PastRun> runs() {
        var runs = new ArrayList<PastRun>(statuses.length);
        for (long i = Math.max(0, added - statuses.length); i < added; i++) {
            int slot = (int) (i % statuses.length);
            runs.add(new PastRun(
                    Instant.ofEpochMilli(epochMillis[slot]),
                    STATUSES[statuses[slot]],
                    Duration.ofNanos(micros[slot] * 1000L)));
        }
        return Collections.unmodifiableList(runs);
    }

    synchronized List<StatusChange> changes() {
        return List.copyOf(changes);
    }

    private void grow(int capacity) {
        epochMillis = Arrays.copyOf(epochMillis, capacity);
        micros = Arrays.copyOf(micros, capacity);
        statuses = Arrays.copyOf(statuses, capacity);
    }
}
