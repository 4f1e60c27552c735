package dev.healthcheck.http;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of {@code Date}, formatted once a second and without the JDK's data on locales. Not thread-safe. */
final class HttpDate {
    private long second = Long.MIN_VALUE;
    private String text = "";

    String at(Instant now) {
        if (now.getEpochSecond() != second) {
            second = now.getEpochSecond();
            text = format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
        }
        return text;
    }

    private static String format(OffsetDateTime date) {
        int day = date.getDayOfMonth();
        return abbreviated(date.getDayOfWeek()) + (day < 10 ? ", 0" : ", ") + day + " " + abbreviated(date.getMonth())
                + " " + date.getYear() + " " + DateTimeFormatter.ISO_LOCAL_TIME.format(date) + " GMT";
    }

    private static String abbreviated(Enum<?> name) {
        return name.name().charAt(0) + name.name().substring(1, 3).toLowerCase(Locale.ROOT);
    }
}
