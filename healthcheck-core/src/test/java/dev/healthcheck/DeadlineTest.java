package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // passes the end of the numbers on its way
    private final Deadline deadline =
            Deadline.ofRun(nanos::get, Long.MAX_VALUE + ofMillis(800).toNanos(), false);

    @Test // C11
    void the_own_budget_of_a_check_is_85_percent_of_what_remains() {
        assertThat(deadline.remaining()).isEqualTo(ofMillis(800));
        assertThat(deadline.ownBudget()).isEqualTo(ofMillis(680));
    }

    @Test // C11
    void time_that_a_run_has_waited_for_its_thread_is_not_in_its_own_budget() {
        nanos.addAndGet(ofMillis(400).toNanos());

        assertThat(deadline.ownBudget()).isEqualTo(ofMillis(340));
    }

    @Test // C11
    void after_the_deadline_there_is_no_own_budget() {
        nanos.addAndGet(ofSeconds(1).toNanos());

        assertThat(deadline.ownBudget()).isZero();
    }

    @Test // C11
    void a_deadline_as_far_away_as_can_be_has_an_own_budget() {
        Deadline far = Deadline.after(ofSeconds(Long.MAX_VALUE));

        assertThat(far.ownBudget()).isBetween(Duration.ofDays(365), far.remaining());
    }
}
