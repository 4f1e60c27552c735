package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT0.7999S, 799 ms",
        "PT1S, 1.0 s",
        "PT10.608729063S, 10.6 s",
        "PT59.96S, 1 min",
        "PT61.2S, 1 min 1 s",
        "PT1H2M5S, 1 h 2 min"
    })
    void a_duration_is_told_in_the_words_of_the_registry(Duration duration, String words) {
        assertThat(Words.of(duration)).isEqualTo(words);
    }
}
