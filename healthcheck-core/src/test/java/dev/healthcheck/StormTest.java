package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.testkit.Faults;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** R5 for real: no number of probers makes a check run again while its verdict is fresh. */
class StormTest {
    private static final int CALLERS = 64;
    private final AtomicInteger runs = new AtomicInteger();

    @Test // R5c
    void sixty_four_callers_make_a_check_run_at_most_once_while_its_verdict_is_fresh() throws Exception {
        storm(ofMillis(800), ofMillis(200));
    }

    @Tag("slow")
    @Test // R5c
    void sixty_four_callers_for_five_seconds_make_a_check_run_at_most_once_a_second() throws Exception {
        storm(ofSeconds(5), ofSeconds(1));
    }

    private void storm(Duration length, Duration cacheFor) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try (HealthCheckRegistry registry = Patience.builder().build()) {
            registry.register("db", this::takeTwentyMilliseconds, o -> o.cacheFor(cacheFor));
            List<Callable<Integer>> storm = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                storm.add(() -> askUntilOver(registry, length));
            }

            long begin = System.nanoTime();
            List<Future<Integer>> answers = callers.invokeAll(storm, 60, SECONDS);
            int periods = (int) ((System.nanoTime() - begin) / cacheFor.toNanos());

            int asked = 0;
            for (Future<Integer> answer : answers) {
                asked += answer.get();
            }
            assertThat(asked).isGreaterThan(10 * CALLERS);
            assertThat(runs).hasValueBetween(2, periods + 1);
        } finally {
            callers.shutdownNow();
        }
    }

    private static int askUntilOver(HealthCheckRegistry registry, Duration length) {
        long end = System.nanoTime() + length.toNanos();
        int asked = 0;
        while (System.nanoTime() - end < 0) {
            assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
            asked++;
        }
        return asked;
    }

    private CheckResult takeTwentyMilliseconds() {
        runs.incrementAndGet();
        Faults.takeTime(ofMillis(20));
        return CheckResult.up();
    }
}
