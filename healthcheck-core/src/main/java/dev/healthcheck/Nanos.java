package dev.healthcheck;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Conversions between durations and the nanoseconds in which the registry counts. */
final class Nanos {
    /** A time that never passes, short enough that the sum of a few of them does not overflow: 36 years. */
    static final long FOREVER = Long.MAX_VALUE / 8;

    private static final Duration LONGEST = Duration.ofNanos(FOREVER);

    private Nanos() {}

    /** Returns the nanoseconds of {@code duration}: zero if it is negative, at most {@link #FOREVER}. */
    static long of(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(LONGEST) < 0 ? duration.toNanos() : FOREVER;
    }

    /** Returns the duration for people: {@code 800 ms}, {@code 12.3 s}, {@code 2 min 5 s}, {@code 1 h 2 min}. */
    static String inWords(long nanos) {
        if (nanos < TimeUnit.SECONDS.toNanos(1)) {
            return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
        }
        if (nanos < TimeUnit.MILLISECONDS.toNanos(59_950)) { // from there on it would be rounded to 60.0 s
            return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
        }
        long seconds = Math.round(nanos / 1e9);
        return seconds < 3600
                ? inWords(seconds / 60, "min", seconds % 60, "s")
                : inWords(seconds / 3600, "h", seconds % 3600 / 60, "min");
    }

    private static String inWords(long large, String largeUnit, long small, String smallUnit) {
        String words = large + " " + largeUnit;
        return small == 0 ? words : words + " " + small + " " + smallUnit;
    }

    /** Returns the earlier of two points in time, whose numbers may have overflowed. */
    static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    /** Returns the later of two points in time, whose numbers may have overflowed. */
    static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
