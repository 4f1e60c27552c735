package dev.healthcheck;

import dev.healthcheck.Event.Lane;
import dev.healthcheck.Event.OfChange;
import dev.healthcheck.Event.OfEnd;
import dev.healthcheck.Event.OfLine;
import dev.healthcheck.Event.OfPass;
import dev.healthcheck.Event.OfRun;
import dev.healthcheck.Event.OfState;
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
 *   <li>64 registrations that have begun and ended while they waited. A further one drops the oldest of them with all
 *       that waits of it, so that it has never been.
 * </ul>
 *
 * <p>While 16,384 changes and lines wait, 64 is 1, as each of them may hold an exception. So nothing but the number of
 * checks makes the queue longer, even if nobody takes an event out of it for ever: of those that are registered, and of
 * those that were when the last event was taken.
 *
 * <p>Not thread-safe. Invariant: the events of a lane stand in the queue in the order of the lane. No method needs
 * memory, and none calls anything while it changes links, so that it cannot fail half-way.
 */
final class EventQueue {
    private static final int MOST_RUNS = 4096;
    static final int MOST_OF_ONE = 64;
    private static final int MOST_OF_ALL = 16_384;

    private final int mostOfOne;
    private final Lane runs = new Lane();
    /** Lines that concern no check, or one that nobody has heard of. */
    private final Lane ownLines = new Lane();
    /** Events of the registry: draining and closed. */
    private final Lane states = new Lane();

    private @Nullable Event first;
    private @Nullable Event last;
    /** The number of changes and lines that wait. */
    private int size;

    /** Registrations that have ended before their begin was told, in the order of their ends. */
    private @Nullable Outbox firstEnded;

    private @Nullable Outbox lastEnded;
    private int ended;

    /** Without those that {@link #takeLosses} has not returned yet. */
    private long lost;

    private long mergedChanges;
    private long droppedRuns;
    private long droppedLines;
    private long forgotten;

    /** Creates a queue with another bound than 64, for tests. */
    EventQueue(int mostOfOne) {
        this.mostOfOne = mostOfOne;
    }

    /** Adds that the registry has entered another state, which happens a few times at most. */
    void add(OfState state) {
        insert(state, states, last);
    }

    void begin(Outbox outbox) {
        insert(outbox.begin, outbox.life, last);
    }

    void pass(Outbox outbox, OfPass pass) {
        insert(pass, outbox.life, last);
    }

    void end(Outbox outbox) {
        insert(outbox.end, outbox.life, last);
        if (outbox.begin.lane == null) {
            return;
        }
        if (lastEnded == null) {
            firstEnded = outbox;
        } else {
            lastEnded.nextEnded = outbox;
        }
        lastEnded = outbox;
        ended++;
        while (firstEnded != null && ended > mostOfOne()) {
            forget(firstEnded);
        }
    }

    /** Drops a registration that has ended, unless its begin has been told by now. */
    private void forget(Outbox oldest) {
        removeEnded(oldest);
        if (oldest.begin.lane == null) {
            return;
        }
        droppedLines += oldest.lines.size + (oldest.end.hasLine() ? 1 : 0);
        clear(oldest.life);
        clear(oldest.changes);
        clear(oldest.lines);
        oldest.end.clear();
        oldest.spare.clear();
        oldest.forgotten = true;
        forgotten++;
    }

    private void clear(Lane lane) {
        while (lane.first != null) {
            remove(lane.first);
        }
    }

    private void removeEnded(Outbox outbox) {
        if (firstEnded == outbox) {
            firstEnded = outbox.nextEnded;
            lastEnded = firstEnded == null ? null : lastEnded;
            outbox.nextEnded = null;
            ended--;
        }
    }

    void add(OfRun run) {
        if (runs.first != null && runs.size >= MOST_RUNS) {
            remove(runs.first);
            droppedRuns++;
        }
        insert(run, runs, last);
    }

    /** Adds a line that concerns no check. */
    void add(OfLine line) {
        add(ownLines, line);
    }

    void add(Outbox outbox, OfLine line) {
        add(outbox.forgotten ? ownLines : outbox.lines, line);
    }

    private void add(Lane lines, OfLine line) {
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
        Event event = takeFirst();
        while (event instanceof OfRun run && run.outbox.forgotten) {
            event = takeFirst();
        }
        if (event instanceof OfEnd end) {
            removeEnded(end.outbox);
        }
        if (event instanceof OfChange oldest) {
            change.take(oldest);
            return change;
        }
        return event;
    }

    private @Nullable Event takeFirst() {
        Event event = first;
        if (event != null) {
            remove(event);
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
        return recentlyLost() > 0;
    }

    /** Returns the number of events that were merged or dropped since the beginning. */
    long lost() {
        return lost + recentlyLost();
    }

    private long recentlyLost() {
        return mergedChanges + droppedRuns + droppedLines + forgotten;
    }

    /** Returns what was merged or dropped since the last call. */
    Losses takeLosses() {
        Losses losses = new Losses(mergedChanges, droppedRuns, droppedLines, forgotten);
        lost += recentlyLost();
        mergedChanges = 0;
        droppedRuns = 0;
        droppedLines = 0;
        forgotten = 0;
        return losses;
    }

    private int mostOfOne() {
        return size < MOST_OF_ALL ? mostOfOne : 1;
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
        size += weight(event);
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
        size -= weight(event);
        event.lane = null;
        event.previous = null;
        event.next = null;
        event.nextInLane = null;
    }

    /** Returns 1 for what may hold an exception, and is not bounded already. */
    private static int weight(Event event) {
        return event instanceof OfChange || event instanceof OfLine ? 1 : 0;
    }

    /** Numbers of events that were not told one by one, and of registrations that were not told at all. */
    record Losses(long changes, long runs, long lines, long registrations) {

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
            if (registrations > 0) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(count(registrations, "registration"))
                        .append(registrations == 1 ? " that has ended" : " that have ended")
                        .append(" not told");
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
