package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NanosTest {

    @ParameterizedTest
    @CsvSource({
        "999999, 0 ms",
        "999999999, 999 ms",
        "1000000000, 1.0 s",
        "59900000000, 59.9 s",
        "59949999999, 59.9 s",
        "59950000000, 1 min",
        "60000000000, 1 min",
        "3725000000000, 1 h 2 min"
    })
    void durations_are_told_in_words_that_suit_their_length(long nanos, String words) {
        assertThat(Nanos.inWords(nanos)).isEqualTo(words);
    }
}
