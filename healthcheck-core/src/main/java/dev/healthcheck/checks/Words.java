package dev.healthcheck.checks;

import java.time.Duration;

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

    /** Returns the duration: {@code 800 ms}, {@code 10.6 s}, {@code 2 min 5 s}, {@code 1 h 2 min}. */
    static String duration(Duration duration) {
        if (duration.toSeconds() < 1) {
            return duration.toMillis() + " ms";
        }
        if (duration.toMinutes() < 1) {
            return duration.toSeconds() + "." + duration.toMillisPart() / 100 + " s";
        }
        return duration.toHours() < 1
                ? inWords(duration.toMinutes(), "min", duration.toSecondsPart(), "s")
                : inWords(duration.toHours(), "h", duration.toMinutesPart(), "min");
    }

    private static String inWords(long large, String largeUnit, long small, String smallUnit) {
        String words = large + " " + largeUnit;
        return small == 0 ? words : words + " " + small + " " + smallUnit;
    }
}
