package dev.healthcheck;

import dev.healthcheck.RecentChanges.Flapping;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the log and the listeners are told of one check, and when. Guarded by the lock of its check.
 *
 * <p>Invariant: ten seconds after a change the newest line of the check in the log says what the check is.
 */
final class Announcer {
    private static final long SETTLED_AFTER = TimeUnit.SECONDS.toNanos(10);
    private static final long EARLY = TimeUnit.SECONDS.toNanos(10);

    private final EventDispatcher events;
    private final Outbox outbox;
    private final History history;

    /** When the first run was judged. */
    private long firstAt;
    /** The check flaps, and its last change is not yet so old that the log says what it has become. */
    private boolean unsettled;
    /** The log has warned of this check although it has never been well. */
    private boolean warned;

    Announcer(EventDispatcher events, Outbox outbox, History history) {
        this.events = events;
        this.outbox = outbox;
        this.history = history;
    }

    /**
     * {@code report} is shown from now on instead of {@code before}, which is null at first; the timer noticed it
     * {@code lateNanos} too late.
     */
    void shown(@Nullable Verdict before, CheckReport report, Instant at, long lateNanos) {
        Verdict after = report.verdict();
        firstAt = before == null ? after.nanos() : firstAt;
        boolean calm = isCalm(after);
        boolean saidLoud = false;
        if (after.differsFrom(before)) {
            Flapping flapping = after.changes().flapping();
            unsettled = flapping != null;
            saidLoud = flapping == null || flapping.isNews();
            try {
                history.add(report.changeFrom(before, at));
            } finally { // a change is told even if there is no memory for it in the history
                events.changed(outbox, before, report, at, lateNanos, calm);
            }
        }
        boolean firstWarning =
                after.status() == Status.DOWN && after.lastSuccess() == null && !calm && !after.isAnnounced();
        if (before != null && !saidLoud && (firstWarning || after.isReminderDueAfter(before))) {
            events.stillDown(outbox, report);
        }
        warned |= firstWarning;
    }

    /** Returns whether DOWN is no reason to warn: the check has never been well, and the log has warned or it is early. */
    private boolean isCalm(Verdict verdict) {
        return verdict.lastSuccess() == null && (warned || verdict.nanos() - firstAt <= EARLY);
    }

    /** Says what a check that flapped has become, if it has not changed for ten seconds. */
    void look(@Nullable CheckReport report, long now) {
        if (unsettled && report != null && now - wakeTime(report) >= 0) {
            unsettled = false;
            events.settled(outbox, report, now);
        }
    }

    /** The check is registered. */
    void registered(Instant at) {
        events.registered(outbox, at);
    }

    /** The startup check has passed with {@code report}, which is shown already. */
    void passed(CheckReport report, Instant at) {
        events.passed(outbox, report, at);
    }

    /** The check is no longer registered. The log says so if it was not well, or if the newest line may be wrong. */
    void unregistered(@Nullable CheckReport last, boolean runs, TimePoint now) {
        if (last != null && (unsettled || runs || last.ref() != null)) {
            events.unregistered(outbox, last, runs, now);
        } else {
            unregistered(now.date());
        }
    }

    /** The registry is closed, and the log says of no check what it was. */
    void unregistered(Instant at) {
        events.unregistered(outbox, at);
    }

    /** Returns when there is something to say for the only reason that time has passed; else NEVER. */
    long wakeTime(@Nullable CheckReport report) {
        return unsettled && report != null ? report.verdict().changes().last() + SETTLED_AFTER : Schedule.NEVER;
    }
}
