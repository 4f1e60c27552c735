package dev.healthcheck.checks;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // which overflows in no time
    private final Heartbeat beat = new Heartbeat(ofMinutes(5), nanos::get);

    @Test
    void before_the_first_beat_it_is_degraded_until_the_limit_and_then_down() {
        pass(ofMinutes(5));
        assertThat(beat.check()).hasToString("DEGRADED (no-heartbeat-yet)");
        assertThat(beat.check().message()).isEqualTo("no beat yet, for 5 min");

        pass(ofSeconds(1));
        assertThat(beat.check()).hasToString("DOWN (no-heartbeat)");
        assertThat(beat.check().message()).isEqualTo("no beat for 5 min 1 s since the start");
    }

    @Test
    void a_beat_makes_it_up_for_as_long_as_the_limit() {
        beat.beat();
        assertThat(beat.check()).hasToString("UP");

        pass(ofMinutes(5));
        assertThat(beat.check()).hasToString("UP");

        pass(ofSeconds(1));
        assertThat(beat.check()).hasToString("DOWN (no-heartbeat)");
        assertThat(beat.check().message()).isEqualTo("no beat for 5 min 1 s");
    }

    @Test
    void it_is_up_again_with_the_next_beat_however_long_there_was_none() {
        beat.beat();
        pass(Duration.ofDays(400));
        assertThat(beat.check()).hasToString("DOWN (no-heartbeat)");

        beat.beat();
        assertThat(beat.check()).hasToString("UP");
    }

    @Test
    void the_details_say_how_old_the_last_beat_is_and_how_old_it_may_be() {
        beat.beat();
        pass(ofSeconds(90));

        assertThat(beat.check().details()).containsEntry("ageMs", 90_000L).containsEntry("limitMs", 300_000L);
    }

    @Test
    void a_thread_that_is_late_with_an_older_beat_does_not_take_the_newer_one_back() {
        AtomicLong first = new AtomicLong();
        Heartbeat late = new Heartbeat(ofSeconds(1), first::get);
        first.set(ofMinutes(10).toNanos());
        late.beat();
        first.set(ofMinutes(5).toNanos()); // as a thread has it that was paused between the clock and the store
        late.beat();
        first.set(ofMinutes(10).toNanos());

        assertThat(late.check()).hasToString("UP");
    }

    @Test
    void a_clock_that_jumps_changes_nothing() {
        FakeClock clock = new FakeClock(Instant.parse("2026-01-01T10:00:00Z"));
        try (var health = HealthCheckRegistry.builder().clock(clock).build()) {
            Heartbeat real = Heartbeat.within(ofMinutes(5));
            health.register("import", real, o -> o.cacheFor(Duration.ZERO));
            real.beat();
            clock.set(Instant.parse("2100-01-01T00:00:00Z"));

            assertThat(health.check("import").orElseThrow().status()).isEqualTo(Status.UP);
        }
    }

    @Test
    void liveness_may_have_it_and_a_job_that_has_ended_is_unregistered() {
        try (var health = HealthCheckRegistry.create()) {
            Registration job =
                    health.register("import", new Heartbeat(ofMinutes(5), nanos::get), o -> o.probes(Probe.LIVENESS)
                            .cacheFor(Duration.ZERO));
            pass(ofMinutes(6));
            assertThat(health.check(Probe.LIVENESS).status()).isEqualTo(Status.DOWN);

            job.close();
            assertThat(health.check(Probe.LIVENESS).status()).isEqualTo(Status.UP);
        }
    }

    @Test
    void a_limit_that_is_missing_or_not_positive_is_refused() {
        assertThatNullPointerException().isThrownBy(() -> Heartbeat.within(null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Heartbeat.within(Duration.ZERO))
                .withMessage("limit: PT0S (expected: > 0)");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
