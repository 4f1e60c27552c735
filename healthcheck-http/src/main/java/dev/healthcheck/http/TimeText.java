package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * Formats times. Does so without a formatter, because every answer needs it. In texts for people a no-break space keeps
 * number and unit on one line.
 */
final class TimeText {
    private static final char NO_BREAK = '\u00a0';
    private static final long PER_DAY = TimeUnit.DAYS.toMillis(1);
    private static final long NANOS_PER_TENTH = 100_000;

    private static final byte[] TEMPLATE = "0000-00-00T00:00:00.000Z".getBytes(ISO_8859_1);
    private static final long MIN_SECOND =
            LocalDate.of(0, 1, 1).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    private static final long MAX_SECOND =
            LocalDate.of(10_000, 1, 1).atStartOfDay(ZoneOffset.UTC).toEpochSecond() - 1;

    private TimeText() {}

    /** Returns milliseconds with one decimal, rounded: {@code 301.2}. */
    static String of(Duration duration) {
        long tenths = tenths(duration);
        return tenths / 10 + "." + tenths % 10;
    }

    /** Writes what {@link #of(Duration)} returns. */
    static void write(Duration duration, BodyBuffer body) {
        long tenths = tenths(duration);
        if (tenths < 100) { // the usual case: a report on fresh verdicts
            body.write((int) ('0' + tenths / 10));
        } else {
            body.write(String.valueOf(tenths / 10));
        }
        body.write('.');
        body.write((int) ('0' + tenths % 10));
    }

    /** Returns a duration for people, with three or four digits: {@code 360.4 ms}, {@code 18.4 s}, {@code 2 min 5 s}. */
    static String inWords(Duration duration) {
        if (tenths(duration) < 10_000) {
            return of(duration) + NO_BREAK + "ms";
        }
        long tenthsOfSeconds = (duration.toMillis() + 50) / 100;
        if (tenthsOfSeconds < 600) {
            return tenthsOfSeconds / 10 + "." + tenthsOfSeconds % 10 + NO_BREAK + "s";
        }
        long seconds = (tenthsOfSeconds + 5) / 10;
        return seconds < 3600
                ? inWords(seconds / 60, "min", seconds % 60, "s")
                : inWords(seconds / 3600, "h", seconds % 3600 / 60, "min");
    }

    /** Returns a duration for people that somebody has set: {@code 800 ms}. */
    static String setting(Duration duration) {
        return inWords(duration).replace(".0" + NO_BREAK, String.valueOf(NO_BREAK));
    }

    private static String inWords(long large, String largeUnit, long small, String smallUnit) {
        String words = large + (NO_BREAK + largeUnit);
        return small == 0 ? words : words + " " + small + NO_BREAK + smallUnit;
    }

    /** Returns a duration in its largest unit, rounded down; zero if it is negative: {@code 3 min}. */
    static String roughly(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + (NO_BREAK + "s");
        }
        if (seconds < 3600) {
            return seconds / 60 + (NO_BREAK + "min");
        }
        return seconds < 48 * 3600 ? seconds / 3600 + (NO_BREAK + "h") : seconds / 86_400 + (NO_BREAK + "days");
    }

    private static long tenths(Duration duration) {
        return (duration.toNanos() + NANOS_PER_TENTH / 2) / NANOS_PER_TENTH;
    }

    static String text(Instant instant) {
        return new String(of(instant), ISO_8859_1);
    }

    /** Returns {@code 2026-01-01T10:00:00.123Z}, in UTC, rounded down. */
    static byte[] of(Instant instant) {
        if (instant.getEpochSecond() < MIN_SECOND || instant.getEpochSecond() > MAX_SECOND) {
            return instant.toString()
                    .getBytes(ISO_8859_1); // a year of more or less than four digits: the clock is wrong
        }
        long millis = instant.toEpochMilli();
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(millis, PER_DAY));
        int ofDay = (int) Math.floorMod(millis, PER_DAY);
        byte[] text = TEMPLATE.clone();
        digits(text, 0, 4, date.getYear());
        digits(text, 5, 2, date.getMonthValue());
        digits(text, 8, 2, date.getDayOfMonth());
        digits(text, 11, 2, ofDay / 3_600_000);
        digits(text, 14, 2, ofDay / 60_000 % 60);
        digits(text, 17, 2, ofDay / 1000 % 60);
        digits(text, 20, 3, ofDay % 1000);
        return text;
    }

    private static void digits(byte[] text, int offset, int count, int value) {
        int rest = value;
        for (int i = offset + count - 1; i >= offset; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
