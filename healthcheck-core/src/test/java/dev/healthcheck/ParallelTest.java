package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.testkit.Faults;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R1, and of R4 what real threads decide: checks run in parallel, and a caller waits no longer than its budget. */
class ParallelTest {
    private final HealthCheckRegistry registry = Patience.builder().build();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test // R1b
    void ten_checks_of_50_ms_are_answered_in_far_less_than_their_sum() throws Exception {
        for (int i = 0; i < 10; i++) {
            registry.register("check-" + i, Faults.slow(ofMillis(50)), o -> o.cacheFor(Duration.ZERO));
        }

        Patience.assertOnceWithin(ofMillis(350), () -> {
            HealthReport report = registry.check(Probe.READINESS);
            assertThat(report.status()).isEqualTo(Status.UP);
            assertThat(report.duration()).isGreaterThanOrEqualTo(ofMillis(50));
        });
    }

    @Test // R1a
    void all_checks_of_a_report_run_at_the_same_time() {
        CyclicBarrier meeting = new CyclicBarrier(10);
        for (int i = 0; i < 10; i++) {
            registry.register("check-" + i, () -> {
                meeting.await();
                return CheckResult.up();
            });
        }

        HealthReport report = registry.check();

        assertThat(report.checks()).hasSize(10);
        assertThat(report.status()).isEqualTo(Status.UP);
    }

    @Test // R1a
    void checks_run_at_the_same_time_although_others_hang_on_all_threads_there_were() throws Exception {
        Hang[] hanging = new Hang[5];
        for (int i = 0; i < hanging.length; i++) {
            hanging[i] = new Hang();
            registry.register(
                    "hanging-" + i, hanging[i], o -> o.timeout(ofMillis(300)).probes(Probe.LIVENESS));
        }
        registry.check(Probe.LIVENESS);
        for (int i = 0; i < hanging.length; i++) {
            Hang.awaitStuck(registry, "hanging-" + i);
        }
        CyclicBarrier meeting = new CyclicBarrier(2);
        for (int i = 0; i < 2; i++) {
            registry.register("check-" + i, () -> {
                meeting.await();
                return CheckResult.up();
            });
        }

        assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
        for (Hang hang : hanging) {
            hang.release();
        }
    }

    @Test // R4b
    void a_caller_that_is_interrupted_waits_all_the_same_and_finds_its_flag_set() {
        registry.register("slow", Faults.slow(ofMillis(100)));
        Thread.currentThread().interrupt();

        HealthReport report = registry.check(Probe.READINESS);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.status()).isEqualTo(Status.UP);
    }

    @Test // R4a, R4b
    void a_caller_that_is_interrupted_waits_no_longer_than_its_budget() {
        Hang hang = new Hang();
        try (var hasty =
                HealthCheckRegistry.builder().answerWithin(ofMillis(200)).build()) {
            hasty.register("hanging", hang);
            Thread.currentThread().interrupt();

            HealthReport report = hasty.check(Probe.READINESS);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(report.status()).isEqualTo(Status.DOWN);
            assertThat(report.duration()).isGreaterThanOrEqualTo(ofMillis(200));
            Patience.assertAnsweredWithin(ofMillis(500), report.duration());
            hang.release();
        }
    }

    @Test // R2a
    void whoever_asks_first_is_told_of_the_timeout_although_it_is_as_long_as_the_budget() {
        Hang ready = new Hang();
        Hang alive = new Hang();
        Duration budget = ofMillis(50);
        try (var hasty = HealthCheckRegistry.builder().answerWithin(budget).build()) {
            hasty.register("db", ready, o -> o.timeout(budget));
            hasty.register("alive", alive, o -> o.timeout(budget).probes(Probe.LIVENESS));

            CheckReport notReady = hasty.check(Probe.READINESS).checks().get(0);
            CheckReport notAlive = hasty.check(Probe.LIVENESS).checks().get(0);

            assertThat(notReady.reason()).isEqualTo("timeout");
            assertThat(notAlive.reason()).isEqualTo("timeout");
            assertThat(notAlive.status()).isEqualTo(Status.DOWN);
            ready.release();
            alive.release();
        }
    }
}
