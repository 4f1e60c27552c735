package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExhaustionTimerTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final ExhaustionTimer exhaustion = new ExhaustionTimer(now::get);

    @Test
    void it_lasts_since_the_first_of_the_looks_that_found_it() {
        assertThat(exhaustion.seen()).isZero();
        pass(10);
        assertThat(exhaustion.seen()).isEqualTo(Duration.ofSeconds(10));
        pass(150);
        assertThat(exhaustion.seen()).isEqualTo(Duration.ofSeconds(160));
    }

    @Test
    void a_connection_that_was_lent_ends_it() {
        assertThat(exhaustion.seen()).isZero();
        exhaustion.over();
        pass(10);
        assertThat(exhaustion.seen()).isZero();
        exhaustion.over();
        assertThat(exhaustion.waited()).isZero();
    }

    @Test
    void two_bad_moments_far_apart_are_not_one_long_one() {
        assertThat(exhaustion.seen()).isZero();
        pass(151);
        assertThat(exhaustion.seen()).isZero();
    }

    @Test
    void a_wait_in_vain_leaves_no_gap_however_long_it_was() {
        assertThat(exhaustion.seen()).isZero();
        pass(300);
        assertThat(exhaustion.waited()).isEqualTo(Duration.ofMinutes(5));
        pass(5);
        assertThat(exhaustion.seen()).isEqualTo(Duration.ofSeconds(305));
    }

    private void pass(long seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
