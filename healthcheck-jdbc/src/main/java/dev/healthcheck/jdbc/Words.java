package dev.healthcheck.jdbc;

import java.time.Duration;
import java.util.Locale;

/** Durations for people. */
final class Words {
    private Words() {}

    /** Returns the duration as {@code 800 ms}, {@code 12.3 s}, {@code 2 min 5 s} or {@code 1 h 2 min}, like the registry's own messages. */
    static String of(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 59_950) { // from there on it would be rounded to 60.0 s
            return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
        }
        long seconds = Math.round(millis / 1e3);
        return seconds < 3600
                ? inWords(seconds / 60, "min", seconds % 60, "s")
                : inWords(seconds / 3600, "h", seconds % 3600 / 60, "min");
    }

    private static String inWords(long large, String largeUnit, long small, String smallUnit) {
        String words = large + " " + largeUnit;
        return small == 0 ? words : words + " " + small + " " + smallUnit;
    }
}
