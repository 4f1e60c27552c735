package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something to tell: a line for the log, and a call of each listener if it concerns them. The links belong to the
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

    /** Makes what is told. Throws an Error if there is no memory for that; the next call tries it again. */
    void prepare() {}

    abstract void write(StatusLog log);

    void tell(HealthListener listener) {}

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
        private final CheckReport report;

        OfRun(CheckReport report) {
            this.report = report;
        }

        @Override
        void write(StatusLog log) {
            log.ran(report);
        }

        @Override
        void tell(HealthListener listener) {
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
        void prepare() {
            change = requireNonNull(report).changeFrom(before, requireNonNull(at));
        }

        @Override
        void write(StatusLog log) {
            log.changed(requireNonNull(change), before, requireNonNull(report).verdict(), lateNanos, quiet, merged);
        }

        @Override
        void tell(HealthListener listener) {
            listener.onChange(requireNonNull(change));
        }
    }
}
