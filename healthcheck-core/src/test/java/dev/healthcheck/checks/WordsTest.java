package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1, 1 byte",
        "999, 999 bytes",
        "1000, 1.0 kB",
        "999_999, 999.9 kB",
        "1_000_000, 1.0 MB",
        "1_999_999_999, 1.9 GB",
        "2_000_000_000, 2.0 GB",
        "3_500_000_000_000, 3.5 TB",
        "9223372036854775807, 9.2 EB"
    })
    void a_size_has_one_decimal_and_is_rounded_down(String bytes, String words) {
        assertThat(Words.bytes(Long.parseLong(bytes.replace("_", "")))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "999, 999 ms",
        "1000, 1.0 s",
        "18355, 18.3 s",
        "59999, 59.9 s",
        "60000, 1 min",
        "3725000, 1 h 2 min"
    })
    void a_duration_has_the_unit_that_people_use(long millis, String words) {
        assertThat(Words.duration(Duration.ofMillis(millis))).isEqualTo(words);
    }
}
