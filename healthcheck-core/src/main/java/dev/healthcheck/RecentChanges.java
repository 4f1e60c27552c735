package dev.healthcheck;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When the shown status or reason of a check changed last, and whether the check flaps: it does while more than four
 * changes fall into a minute. The first verdict is no change. Immutable.
 */
final class RecentChanges {
    static final RecentChanges NONE = new RecentChanges(new long[0], null);

    private static final int MANY = 5;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    /** The last changes, at most {@link #MANY}, the oldest first. */
    private final long[] times;

    private final @Nullable Flapping flapping;

    private RecentChanges(long[] times, @Nullable Flapping flapping) {
        this.times = times;
        this.flapping = flapping;
    }

    /**
     * Returns these changes and one more.
     *
     * @param at when it happens
     * @param wasDown whether the check was DOWN before it
     * @param ref the mark of all episodes, should the check begin to flap
     */
    RecentChanges and(long at, boolean wasDown, String ref) {
        int kept = Math.min(times.length, MANY - 1);
        long[] all = Arrays.copyOfRange(times, times.length - kept, times.length + 1);
        all[kept] = at;
        if (all.length < MANY || at - all[0] > MINUTE) {
            return new RecentChanges(all, null);
        }
        return new RecentChanges(
                all, flapping == null ? Flapping.begun(all[0], at, ref) : flapping.and(at, wasDown ? at - last() : 0));
    }

    /** Returns the way in which the check flaps; null if it does not. */
    @Nullable
    Flapping flapping() {
        return flapping;
    }

    /** Returns the time of the last change; there must be one. */
    long last() {
        return times[times.length - 1];
    }

    /** Returns how many changes have made the check flap. */
    int count() {
        return times.length;
    }

    /** Returns the time that they took. */
    long span() {
        return last() - times[0];
    }

    /**
     * A check that flaps.
     *
     * @param since its first change
     * @param ref the mark of its episodes
     * @param now what has happened since it began or was last summed up
     * @param summary what had happened until this change, if it is time to sum up; else null
     */
    record Flapping(
            long since, String ref, Period now, @Nullable Period summary) {
        private static final long SUMMED_UP_EVERY = TimeUnit.MINUTES.toNanos(10);

        /** Returns whether the last change made the check flap, or is the one at which to sum up. */
        boolean isNews() {
            return now.changes == 0;
        }

        private static Flapping begun(long since, long at, String ref) {
            return new Flapping(since, ref, new Period(at, at, 0, 0), null);
        }

        private Flapping and(long at, long downNanos) {
            Period longer = new Period(now.from, at, now.changes + 1, now.downNanos + downNanos);
            return at - now.from < SUMMED_UP_EVERY
                    ? new Flapping(since, ref, longer, null)
                    : new Flapping(since, ref, new Period(at, at, 0, 0), longer);
        }
    }

    /** A time of flapping: how many changes it had, and how long the check was DOWN in it. */
    record Period(long from, long to, int changes, long downNanos) {
        /** Returns the share of the time that the check was DOWN, in percent. */
        long percentDown() {
            return Math.round(100.0 * downNanos / Math.max(1, to - from));
        }
    }
}
