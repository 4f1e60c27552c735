package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTextTest {
    private static final DateTimeFormatter FORMATTER = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T10:00:00Z, 2026-01-01T10:00:00.000Z",
        "2024-02-29T23:59:59.999999999Z, 2024-02-29T23:59:59.999Z",
        "1969-12-31T23:59:59.0009Z, 1969-12-31T23:59:59.000Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59Z, 9999-12-31T23:59:59.000Z",
        "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z"
    })
    void a_date_has_three_decimals(String instant, String text) {
        assertThat(TimeText.text(Instant.parse(instant))).isEqualTo(text);
    }

    @Test
    void any_date_is_written_as_the_formatter_of_the_jdk_does() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            Instant instant = Instant.ofEpochSecond(
                    random.nextLong(-62_167_219_200L, 253_402_300_800L), random.nextInt(1_000_000_000));
            assertThat(TimeText.text(instant)).isEqualTo(FORMATTER.format(instant));
        }
    }

    @Test
    void a_clock_that_is_far_off_is_still_a_clock() {
        assertThat(TimeText.text(Instant.MAX)).isEqualTo("+1000000000-12-31T23:59:59.999999999Z");
        assertThat(TimeText.text(Instant.MIN)).isEqualTo("-1000000000-01-01T00:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "49999, 0.0",
        "50000, 0.1",
        "1800000, 1.8",
        "9949999, 9.9",
        "9950000, 10.0",
        "999949999, 999.9",
        "999950000, 1000.0",
        "301234567, 301.2",
        "86400000000000, 86400000.0"
    })
    void a_duration_has_one_decimal(long nanos, String text) {
        Duration duration = Duration.ofNanos(nanos);
        BodyBuffer body = new BodyBuffer(1);
        TimeText.write(duration, body);

        assertThat(TimeText.of(duration)).isEqualTo(text);
        assertThat(new String(body.bytes(), US_ASCII)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0.0 ms",
        "PT0.360449999S, 360.4 ms",
        "PT0.999949999S, 999.9 ms",
        "PT0.99995S, 1.0 s",
        "PT18.3559S, 18.4 s",
        "PT59.949S, 59.9 s",
        "PT59.95S, 1 min",
        "PT2M5S, 2 min 5 s",
        "PT59M59.4S, 59 min 59 s",
        "PT59M59.95S, 1 h",
        "PT61M59S, 1 h 1 min"
    })
    void a_duration_for_people_has_three_or_four_digits_and_no_break_before_a_unit(Duration duration, String words) {
        assertThat(TimeText.inWords(duration)).isEqualTo(words.replaceAll(" (?=[a-z])", "\u00a0"));
    }
}
