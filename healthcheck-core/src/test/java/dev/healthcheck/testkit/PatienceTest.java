package dev.healthcheck.testkit;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A bound that nothing exceeds would prove nothing. */
class PatienceTest {
    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void an_answer_may_take_as_many_times_longer_as_the_slack_says_and_no_longer() {
        Patience.assertAnsweredWithin(ofMillis(100), ofMillis(100L * Patience.SLACK));

        assertThatThrownBy(() -> Patience.assertAnsweredWithin(ofMillis(100), ofMillis(100L * Patience.SLACK + 1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("promised within PT0.1S");
    }

    @Test
    void the_time_of_a_question_is_measured_and_its_answer_returned() throws Exception {
        assertThat(Patience.assertAnsweredWithin(ofSeconds(10), () -> "answer")).isEqualTo("answer");

        assertThatThrownBy(() -> Patience.assertAnsweredWithin(ZERO, () -> "answer"))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void one_fast_attempt_is_enough() throws Exception {
        Patience.assertOnceWithin(ofSeconds(30), attempts::incrementAndGet);

        assertThat(attempts).hasValue(1);
    }

    @Test
    void attempts_that_are_all_too_slow_are_a_failure() {
        assertThatThrownBy(() -> Patience.assertOnceWithin(ZERO, attempts::incrementAndGet))
                .isInstanceOf(AssertionError.class);

        assertThat(attempts).hasValue(20);
    }
}
