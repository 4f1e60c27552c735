package dev.healthcheck;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Durations as the nanoseconds that the engine counts in. */
final class Nanos {
    /** So far away that it never comes, and near enough that sums of a few of them do not overflow. */
    static final long FOREVER = Long.MAX_VALUE / 8;

    private static final Duration LONGEST = Duration.ofNanos(FOREVER);

    private Nanos() {}

    /** Zero for what is negative; saturates at {@link #FOREVER}, 36 years. */
    static long of(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(LONGEST) < 0 ? duration.toNanos() : FOREVER;
    }

    /** For people: {@code 800 ms}, {@code 12.3 s}, {@code 1h2m5s}. */
    static String inWords(long nanos) {
        if (nanos < TimeUnit.SECONDS.toNanos(1)) {
            return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
        }
        return nanos < TimeUnit.MINUTES.toNanos(1)
                ? String.format(Locale.ROOT, "%.1f s", nanos / 1e9)
                : Duration.ofSeconds(TimeUnit.NANOSECONDS.toSeconds(nanos))
                        .toString()
                        .substring(2)
                        .toLowerCase(Locale.ROOT);
    }

    /** The later of two points in time, of which the numbers may have overflowed. */
    static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
