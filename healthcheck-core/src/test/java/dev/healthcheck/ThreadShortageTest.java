package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Hang;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** R14: when threads run short for a moment, what waited is run soon after they are free again, whoever asks or not. */
class ThreadShortageTest {
    private final AtomicBoolean workersShort = new AtomicBoolean();
    private final AtomicBoolean timersShort = new AtomicBoolean();
    private final HealthCheckRegistry registry = HealthCheckRegistry.builder()
            .internals(
                    new SystemTimer(ofSeconds(30), task -> {
                        if (timersShort.get()) {
                            throw new OutOfMemoryError("unable to create native thread");
                        }
                        return Threads.daemon("healthcheck-timer", task);
                    }),
                    new Workers() {
                        @Override
                        void start(Thread worker) {
                            if (workersShort.get()) {
                                throw new OutOfMemoryError("unable to create native thread");
                            }
                            super.start(worker);
                        }
                    })
            .build();

    @Test // R14f
    void a_scheduled_check_registered_during_the_shortage_runs_after_it_though_nobody_asks() {
        workersShort.set(true);
        Switchable check = new Switchable();
        registry.register("disk", check, o -> o.every(ofMillis(200)).timeout(ofMillis(150)));
        await().until(() -> registry.check("disk").orElseThrow().reason() != null);

        workersShort.set(false);

        await().until(() -> check.runs.get() > 2);
        registry.close();
    }

    @Test // R14g
    void a_registry_whose_timer_could_not_start_tries_again_at_each_question_and_registration() {
        timersShort.set(true);
        Switchable first = new Switchable();
        registry.register("first", first, o -> o.every(ofMillis(200)).timeout(ofMillis(150)));
        timersShort.set(false);

        registry.register("second", CheckResult::up, o -> o.every(ofSeconds(60)));

        await().until(() -> first.runs.get() > 2);
        registry.close();
    }

    @Test // R14f
    void the_interrupt_the_log_line_and_the_answer_of_a_hang_come_after_the_shortage_though_nobody_asks() {
        Hang hang = Hang.interruptible();
        try (CapturedLog log = new CapturedLog()) {
            registry.register("db", () -> {
                workersShort.set(true);
                return hang.check();
            });
            CompletableFuture<HealthReport> answer = registry.checkAsync(Probe.READINESS);
            await().until(() -> registry.check("db").orElseThrow().runningFor() != null);
            assertThat(hang.interrupts).hasValue(0);

            workersShort.set(false);

            await().until(() -> hang.interrupts.get() > 0);
            assertThat(answer).succeedsWithin(ofSeconds(10));
            await().until(() -> log.messages().stream().anyMatch(line -> line.startsWith("db is DOWN (timeout)")));
        } finally {
            registry.close();
        }
    }

    @Test // R10b, R14f
    void during_the_shortage_a_check_is_down_with_reason_rejected_and_well_right_after_it() {
        workersShort.set(true);
        registry.register("db", CheckResult::up, o -> o.cacheFor(ofMillis(0)));
        assertThat(registry.check("db").orElseThrow().reason()).isEqualTo("rejected");

        workersShort.set(false);

        assertThat(registry.check("db").orElseThrow().status()).isEqualTo(Status.UP);
        registry.close();
    }
}
