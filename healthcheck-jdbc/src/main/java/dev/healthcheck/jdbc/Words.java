package dev.healthcheck.jdbc;

import java.time.Duration;
import java.util.Locale;

/** Durations for people. */
final class Words {
    private Words() {}

    /** Returns the duration as {@code 800 ms}, {@code 12.3 s} or {@code 1h2m5s}, like the registry's own messages. */
    static String of(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        return millis < 59_950 // which would be rounded to 60.0 s
                ? String.format(Locale.ROOT, "%.1f s", millis / 1e3)
                : Duration.ofSeconds(Math.round(millis / 1e3))
                        .toString()
                        .substring(2)
                        .toLowerCase(Locale.ROOT);
    }
}
