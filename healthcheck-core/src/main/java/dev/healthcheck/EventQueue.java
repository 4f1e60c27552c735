package dev.healthcheck;

import dev.healthcheck.Event.Lane;
import dev.healthcheck.Event.OfChange;
import dev.healthcheck.Event.OfLine;
import dev.healthcheck.Event.OfRun;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait to be told, in the order in which they happened. Each kind has a bound of its own:
 *
 * <ul>
 *   <li>4,096 runs. A further one drops the oldest.
 *   <li>64 changes of one check. A further one is merged with them into one, which takes the place of the oldest: a
 *       check that never rests has its turn all the same.
 *   <li>64 other lines of one check, and of the registry. A further one drops the oldest.
 * </ul>
 *
 * <p>While 16,384 changes and lines wait, 64 is 1, as each of them may hold an exception. So nothing but the number of
 * checks makes the queue longer, even if nobody takes an event out of it for ever.
 *
 * <p>Not thread-safe. Invariant: the events of a lane stand in the queue in the order of the lane. No method needs
 * memory, and none calls anything while it changes links, so that it cannot fail half-way.
 */
final class EventQueue {
    private static final int MOST_RUNS = 4096;
    private static final int MOST_OF_ONE = 64;
    private static final int MOST_OF_ALL = 16_384;

    private final Lane runs = new Lane();
    private @Nullable Event first;
    private @Nullable Event last;
    private int size;

    private long mergedChanges;
    private long droppedRuns;
    private long droppedLines;

    void add(OfRun run) {
        if (runs.first != null && runs.size >= MOST_RUNS) {
            remove(runs.first);
            droppedRuns++;
        }
        insert(run, runs, last);
    }

    void add(Outbox outbox, OfLine line) {
        Lane lines = outbox.lines;
        if (lines.first != null && lines.size >= mostOfOne()) {
            remove(lines.first);
            droppedLines++;
        }
        insert(line, lines, last);
    }

    /** Adds a line that says what the check is. It is left out if later changes are merged with earlier ones. */
    void remind(Outbox outbox, OfLine reminder) {
        if (outbox.changes.size >= mostOfOne()) {
            merge(outbox, null);
        }
        insert(reminder, outbox.changes, last);
    }

    void add(Outbox outbox, OfChange change) {
        if (outbox.changes.size >= mostOfOne()) {
            merge(outbox, change);
        } else {
            insert(change, outbox.changes, last);
        }
    }

    /** Merges the changes that wait, and {@code added}, into the spare event of {@code outbox}. */
    void merge(Outbox outbox, @Nullable OfChange added) {
        Lane lane = outbox.changes;
        Event place = lane.first == null ? last : lane.first.previous;
        OfChange oldest = null;
        OfChange newest = null;
        int changes = 0;
        for (Event event = lane.first; event != null; event = lane.first) {
            remove(event);
            if (event instanceof OfChange change) {
                oldest = oldest == null ? change : oldest;
                newest = change;
                changes += change.changes();
                mergedChanges++;
            }
        }
        if (added != null) {
            oldest = oldest == null ? added : oldest;
            newest = added;
            changes++;
            mergedChanges++;
        }
        if (oldest != null && newest != null) {
            mergedChanges--; // one is told
            outbox.spare.merge(oldest, newest, changes);
            insert(outbox.spare, lane, place);
        }
    }

    /**
     * Takes the oldest event out of the queue; null if none waits. A change is moved to {@code change}, so that a spare
     * event is free at once.
     */
    @Nullable
    Event take(OfChange change) {
        Event event = first;
        if (event == null) {
            return null;
        }
        remove(event);
        if (event instanceof OfChange oldest) {
            change.take(oldest);
            return change;
        }
        return event;
    }

    boolean isEmpty() {
        return first == null;
    }

    /** Counts a run for which there is no memory. */
    void dropRun() {
        droppedRuns++;
    }

    /** Counts a line for which there is no memory. */
    void dropLine() {
        droppedLines++;
    }

    boolean hasLost() {
        return mergedChanges + droppedRuns + droppedLines > 0;
    }

    /** Returns what was merged or dropped since the last call. */
    Losses takeLosses() {
        Losses losses = new Losses(mergedChanges, droppedRuns, droppedLines);
        mergedChanges = 0;
        droppedRuns = 0;
        droppedLines = 0;
        return losses;
    }

    private int mostOfOne() {
        return size - runs.size < MOST_OF_ALL ? MOST_OF_ONE : 1;
    }

    private void insert(Event event, Lane lane, @Nullable Event after) {
        Event before = after == null ? first : after.next;
        event.lane = lane;
        event.previous = after;
        event.next = before;
        if (after == null) {
            first = event;
        } else {
            after.next = event;
        }
        if (before == null) {
            last = event;
        } else {
            before.previous = event;
        }
        if (lane.last == null) {
            lane.first = event;
        } else {
            lane.last.nextInLane = event;
        }
        lane.last = event;
        lane.size++;
        size++;
    }

    /** Removes an event that is the first of its lane. */
    private void remove(Event event) {
        Lane lane = event.lane;
        if (lane == null) {
            return;
        }
        if (event.previous == null) {
            first = event.next;
        } else {
            event.previous.next = event.next;
        }
        if (event.next == null) {
            last = event.previous;
        } else {
            event.next.previous = event.previous;
        }
        lane.first = event.nextInLane;
        if (lane.first == null) {
            lane.last = null;
        }
        lane.size--;
        size--;
        event.lane = null;
        event.previous = null;
        event.next = null;
        event.nextInLane = null;
    }

    /** Numbers of events that were not told one by one. */
    record Losses(long changes, long runs, long lines) {

        /** Returns what the log says of them. */
        String inWords() {
            var text = new StringBuilder();
            if (changes > 0) {
                text.append(count(changes, "change")).append(" not written one by one");
            }
            if (runs > 0) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(count(runs, "run"))
                        .append(" not told");
            }
            if (lines > 0) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(count(lines, "line"))
                        .append(" lost");
            }
            text.append(": the log or a listener is too slow, or memory ran short");
            if (changes > 0) {
                text.append("; the next line of each check concerned says what it is now");
            }
            return text.toString();
        }

        private static String count(long number, String what) {
            return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
        }
    }
}
