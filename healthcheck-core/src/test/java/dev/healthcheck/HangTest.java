package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.LiveThreads;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R3 with real threads: any number of callers share one run, and a check that never returns costs one thread. */
class HangTest {
    private static final int CALLERS = 64;

    private final LiveThreads threads = new LiveThreads();
    private final HealthCheckRegistry registry = Patience.builder().build();
    private final Hang hang = new Hang();

    @AfterEach
    void close() {
        hang.release();
        registry.close();
    }

    @Test // R2a, R4a
    void the_first_answer_of_a_check_that_never_returns_comes_at_its_timeout_and_says_so() {
        try (var usual = HealthCheckRegistry.create()) {
            usual.register("db", hang);

            HealthReport report = usual.check(Probe.READINESS);

            assertThat(report.duration()).isGreaterThanOrEqualTo(ofMillis(800));
            Patience.assertAnsweredWithin(ofMillis(900), report.duration());
            assertThat(report.checks().get(0).reason()).isEqualTo("timeout");
            hang.release();
        }
    }

    @Test // R3b, R14c
    void ten_thousand_later_questions_are_answered_at_once_and_cost_no_second_thread() throws Exception {
        registry.register("db", hang, o -> o.timeout(ofMillis(300)));
        Hang.awaitStuck(registry, "db");
        long begin = System.nanoTime();

        List<Boolean> allStuck = Callers.together(CALLERS, () -> {
            boolean stuck = true;
            for (int i = 0; i < 10_000 / CALLERS; i++) {
                HealthReport report = registry.check(Probe.READINESS);
                stuck &= "stuck".equals(report.checks().get(0).reason()) && report.status() == Status.DOWN;
            }
            return stuck;
        });

        assertThat(allStuck).doesNotContain(false);
        Patience.assertAnsweredWithin(ofSeconds(2), Duration.ofNanos(System.nanoTime() - begin));
        assertThat(hang.runs).hasValue(1);
        assertThat(threads.since())
                .filteredOn(thread -> thread.getName().equals("healthcheck-db"))
                .hasSize(1);
    }

    @Test // R3c
    void the_stack_of_a_stuck_run_shows_where_the_check_is_and_is_empty_once_it_is_back() {
        registry.register("db", hang, o -> o.timeout(ofMillis(300)));

        CheckReport stuck = Hang.awaitStuck(registry, "db");

        assertThat(stuck.runningFor()).isGreaterThanOrEqualTo(ofMillis(300));
        assertThat(stuck.stuckStack())
                .extracting(StackTraceElement::getClassName)
                .contains(Hang.class.getName());
        hang.release();
        await().untilAsserted(() -> assertThat(stuck.stuckStack()).isEmpty());
    }

    @Test // R3f
    void a_check_that_comes_back_after_all_is_run_again() {
        registry.register("db", hang, o -> o.timeout(ofMillis(300)).cacheFor(Duration.ZERO));
        Hang.awaitStuck(registry, "db");

        hang.release();

        await().untilAsserted(() ->
                assertThat(registry.check("db").orElseThrow().status()).isEqualTo(Status.UP));
        assertThat(hang.runs.get()).isGreaterThanOrEqualTo(2);
    }

    @Test // R3a
    void a_storm_of_callers_shares_one_run() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(CALLERS);
        registry.register("slow", () -> {
            runs.incrementAndGet();
            asked.await();
            return CheckResult.up();
        });

        List<HealthReport> reports = Callers.together(CALLERS, () -> {
            asked.countDown();
            return registry.check(Probe.READINESS);
        });

        assertThat(reports).extracting(HealthReport::status).containsOnly(Status.UP);
        assertThat(reports)
                .extracting(report -> report.checks().get(0))
                .allMatch(first -> first == reports.get(0).checks().get(0));
        assertThat(runs).hasValue(1);
    }

    @Test // R3a
    void without_a_cache_callers_that_come_one_after_the_other_still_never_run_a_check_twice_at_once()
            throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        registry.register(
                "busy",
                () -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(1);
                    running.decrementAndGet();
                    return CheckResult.up();
                },
                o -> o.cacheFor(Duration.ZERO));

        List<Boolean> allUp = Callers.together(16, () -> {
            boolean up = true;
            for (int i = 0; i < 200; i++) {
                up &= registry.check(Probe.READINESS).status() == Status.UP;
            }
            return up;
        });

        assertThat(allUp).doesNotContain(false);
        assertThat(most).hasValue(1);
    }
}
