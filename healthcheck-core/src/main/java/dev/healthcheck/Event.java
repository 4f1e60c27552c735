package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
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

    /** Returns when it happened if it may change the whole of a probe, otherwise null. */
    @Nullable
    Instant at() {
        return null;
    }

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
        private @Nullable ToldCheck check;
        private @Nullable Verdict before;
        private @Nullable CheckReport report;
        private @Nullable Instant at;
        private long lateNanos;
        private boolean quiet;
        /** The number of earlier changes that this one stands for, too. */
        private int merged;

        private @Nullable StatusChange change;

        void fill(
                ToldCheck check,
                @Nullable Verdict before,
                CheckReport report,
                Instant at,
                long lateNanos,
                boolean quiet) {
            this.check = check;
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
            check = other.check;
            before = other.before;
            report = other.report;
            at = other.at;
            lateNanos = other.lateNanos;
            quiet = other.quiet;
            merged = other.merged;
            other.clear();
        }

        void clear() {
            check = null;
            before = null;
            report = null;
            at = null;
            merged = 0;
            change = null;
        }

        @Override
        void prepare(ToldState told) {
            CheckReport shown = requireNonNull(report);
            change = shown.changeFrom(before, requireNonNull(at));
            told.show(requireNonNull(check), shown);
        }

        @Override
        @Nullable
        Instant at() {
            return at;
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

    /** Something that needs no memory to be added, as it was made beforehand, and happens once. */
    abstract static class OfState extends Event {
        private @Nullable Instant at;

        void fill(Instant at) {
            this.at = at;
        }

        @Override
        final @Nullable Instant at() {
            return at;
        }
    }

    /** A check is registered from now on. */
    static final class OfBegin extends OfState {
        private final ToldCheck check;

        OfBegin(ToldCheck check) {
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
            listener.onRegistered(check.name);
        }
    }

    /** A startup check has passed. */
    static final class OfPass extends OfState {
        private final ToldCheck check;
        private @Nullable CheckReport report;

        OfPass(ToldCheck check) {
            this.check = check;
        }

        void fill(CheckReport passed, Instant at) {
            fill(at);
            report = passed;
        }

        @Override
        void prepare(ToldState told) {
            told.pass(check, requireNonNull(report));
        }
    }

    /** A check is no longer registered. The log says so if there is something to say of it. */
    static final class OfEnd extends OfState {
        final Outbox outbox;
        private final ToldCheck check;
        private @Nullable CheckReport last;
        private boolean runs;
        private long now;

        OfEnd(Outbox outbox, ToldCheck check) {
            this.outbox = outbox;
            this.check = check;
        }

        /** The log says that the check was {@code last}; {@code runs} if one of its runs goes on. */
        void say(CheckReport last, boolean runs, long now) {
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
            listener.onUnregistered(check.name);
        }
    }

    /** The registry is draining from now on. */
    static final class OfDrain extends OfState {
        @Override
        void prepare(ToldState told) {
            told.drain();
        }

        @Override
        void write(StatusLog log) {
            log.draining();
        }
    }

    /** The registry is closed from now on. */
    static final class OfClose extends OfState {
        @Override
        void prepare(ToldState told) {
            told.close();
        }
    }

    /** Tells a listener that was added later what all others know. */
    static final class OfIntroduction extends Event {
        private static final String[] NONE = {};

        private String[] checks = NONE;
        private List<ProbeChange> probes = List.of();

        @Override
        void prepare(ToldState told) {
            checks = told.checks();
            probes = told.present();
        }

        @Override
        int calls() {
            return checks.length + probes.size();
        }

        @Override
        void tell(HealthListener listener, int call) {
            if (call < checks.length) {
                listener.onRegistered(checks[call]);
            } else {
                listener.onProbe(probes.get(call - checks.length));
            }
        }

        void clear() {
            checks = NONE;
            probes = List.of();
        }
    }
}
