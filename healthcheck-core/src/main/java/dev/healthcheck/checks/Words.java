package dev.healthcheck.checks;

import java.time.Duration;
import java.util.Locale;

/** Writes sizes and durations for people. Rounds down: 1.96 GB of 2.0 GB must not read as if nothing were left. */
final class Words {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

    private Words() {}

    /** Returns the size in powers of 1000: {@code 1 byte}, {@code 801 bytes}, {@code 1.9 GB}. */
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes == 1 ? "1 byte" : bytes + " bytes";
        }
        long tenths = bytes / 100;
        int unit = 0;
        while (tenths >= 10_000) {
            tenths /= 1000;
            unit++;
        }
        return tenths / 10 + "." + tenths % 10 + " " + UNITS[unit];
    }

    /** Returns the duration: {@code 800 ms}, {@code 10.6 s}, {@code 1h2m5s}. */
    static String duration(Duration duration) {
        if (duration.toSeconds() < 1) {
            return duration.toMillis() + " ms";
        }
        return duration.toMinutes() < 1
                ? duration.toSeconds() + "." + duration.toMillisPart() / 100 + " s"
                : Duration.ofSeconds(duration.toSeconds())
                        .toString()
                        .substring(2)
                        .toLowerCase(Locale.ROOT);
    }
}
