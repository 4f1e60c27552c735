package dev.healthcheck;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.LiveThreads;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Of R10 and R16: what the timer does when there is no thread for it, and when it is closed. */
class SystemTimerTest {
    private final LiveThreads threads = new LiveThreads();

    @Test
    void a_wake_up_for_which_no_thread_can_be_had_comes_as_soon_as_there_is_one() throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean(true);
        try (var timer = new SystemTimer(task -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return Threads.daemon("healthcheck-timer", task);
        })) {
            CountDownLatch woken = new CountDownLatch(2);
            Timer.Wakeup first = timer.schedule(0, woken::countDown);
            assertThat(first).isNotNull();

            exhausted.set(false);
            timer.schedule(0, woken::countDown);

            assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void an_answer_is_given_in_time_although_there_is_no_thread_for_the_timer() {
        Hang hang = new Hang();
        SystemTimer timer = new SystemTimer(task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        try (var registry =
                HealthCheckRegistry.builder().internals(timer, new Workers()).build()) {
            registry.register("up", CheckResult::up);
            registry.register("db", hang);

            HealthReport report = registry.check(Probe.READINESS);

            assertThat(report.checks()).extracting(CheckReport::reason).containsExactly(null, "timeout");
            assertThat(report.duration()).isLessThan(ofSeconds(2));
            hang.release();
        }
    }

    @Test
    void after_close_nothing_is_called_and_no_thread_is_left() {
        SystemTimer timer = new SystemTimer();
        AtomicBoolean called = new AtomicBoolean();
        timer.schedule(TimeUnit.MILLISECONDS.toNanos(50), () -> called.set(true));

        timer.close();
        timer.close();
        timer.schedule(0, () -> called.set(true)).cancel();

        await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
        assertThat(called).isFalse();
    }
}
