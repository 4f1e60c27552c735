package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something to tell: a line for the log, and calls of each listener if it concerns them. The links belong to the
 * {@link EventQueue} in which the event waits.
 */
abstract class Event {
    @Nullable
    Event previous;

    @Nullable
    Event next;

    /** The lane in which this waits; null if it does not wait. */
    @Nullable
    Lane lane;

    @Nullable
    Event nextInLane;

    /**
     * Makes what is told, and brings {@code told} up to date. Throws an Error if there is no memory for that; the next
     * call tries it again.
     */
    void prepare(ToldState told) {}

    void write(StatusLog log) {}

    /** Returns how many calls each listener gets. */
    int calls() {
        return 0;
    }

    /** Makes the call of that number. */
    void tell(HealthListener listener, int call) {}

    /** The waiting events of one kind, of one check or of all, the oldest first. */
    static final class Lane {
        @Nullable
        Event first;

        @Nullable
        Event last;

        int size;
    }

    /** A run that has ended or is overdue. */
    static final class OfRun extends Event {
        final Outbox outbox;
        private final CheckReport report;

        OfRun(Outbox outbox, CheckReport report) {
            this.outbox = outbox;
            this.report = report;
        }

        @Override
        void write(StatusLog log) {
            log.ran(report);
        }

        @Override
        int calls() {
            return 1;
        }

        @Override
        void tell(HealthListener listener, int call) {
            listener.onRun(report);
        }
    }

    /** A line of the log that concerns no listener. */
    static final class OfLine extends Event {
        private final Consumer<StatusLog> line;

        OfLine(Consumer<StatusLog> line) {
            this.line = line;
        }

        @Override
        void write(StatusLog log) {
            line.accept(log);
        }
    }

    /** A change of a check, or several that were merged. It is filled after it was made, without memory. */
    static final class OfChange extends Event {
        private @Nullable Verdict before;
        private @Nullable CheckReport report;
        private @Nullable Instant at;
        private long lateNanos;
        private boolean quiet;
        /** The number of earlier changes that this one stands for, too. */
        private int merged;

        private @Nullable StatusChange change;

        void fill(@Nullable Verdict before, CheckReport report, Instant at, long lateNanos, boolean quiet) {
            this.before = before;
            this.report = report;
            this.at = at;
            this.lateNanos = lateNanos;
            this.quiet = quiet;
        }

        /** Makes this the one change from {@code oldest} to {@code newest}; either may be this one. */
        void merge(OfChange oldest, OfChange newest, int changes) {
            Verdict first = oldest.before;
            if (newest != this) {
                take(newest);
            }
            before = first;
            merged = changes - 1;
        }

        /** Returns the number of changes for which this stands. */
        int changes() {
            return merged + 1;
        }

        /** Takes the content of {@code other}, which is empty then. */
        void take(OfChange other) {
            before = other.before;
            report = other.report;
            at = other.at;
            lateNanos = other.lateNanos;
            quiet = other.quiet;
            merged = other.merged;
            other.clear();
        }

        void clear() {
            before = null;
            report = null;
            at = null;
            merged = 0;
            change = null;
        }

        @Override
        void prepare(ToldState told) {
            change = requireNonNull(report).changeFrom(before, requireNonNull(at));
        }

        @Override
        void write(StatusLog log) {
            log.changed(requireNonNull(change), before, requireNonNull(report).verdict(), lateNanos, quiet, merged);
        }

        @Override
        int calls() {
            return 1;
        }

        @Override
        void tell(HealthListener listener, int call) {
            listener.onChange(requireNonNull(change));
        }
    }

    /** A check is registered from now on. */
    static final class OfBegin extends Event {
        private final String check;

        OfBegin(String check) {
            this.check = check;
        }

        @Override
        void prepare(ToldState told) {
            told.begin(check);
        }

        @Override
        int calls() {
            return 1;
        }

        @Override
        void tell(HealthListener listener, int call) {
            listener.onRegistered(check);
        }
    }

    /** A check is no longer registered. The log says so if there is something to say of it. */
    static final class OfEnd extends Event {
        final Outbox outbox;
        private final String check;
        private @Nullable CheckReport last;
        private boolean runs;
        private long now;

        OfEnd(Outbox outbox, String check) {
            this.outbox = outbox;
            this.check = check;
        }

        /** The line says that the check was {@code last}; {@code runs} if one of its runs goes on. */
        void fill(CheckReport last, boolean runs, long now) {
            this.last = last;
            this.runs = runs;
            this.now = now;
        }

        boolean hasLine() {
            return last != null;
        }

        void clear() {
            last = null;
        }

        @Override
        void prepare(ToldState told) {
            told.end(check);
        }

        @Override
        void write(StatusLog log) {
            if (last != null) {
                log.unregistered(last, runs, now);
            }
        }

        @Override
        int calls() {
            return 1;
        }

        @Override
        void tell(HealthListener listener, int call) {
            listener.onUnregistered(check);
        }
    }

    /** Tells a listener that was added later what all others know. */
    static final class OfIntroduction extends Event {
        private static final String[] NONE = {};

        private String[] checks = NONE;

        @Override
        void prepare(ToldState told) {
            checks = told.checks();
        }

        @Override
        int calls() {
            return checks.length;
        }

        @Override
        void tell(HealthListener listener, int call) {
            listener.onRegistered(checks[call]);
        }

        void clear() {
            checks = NONE;
        }
    }
}
