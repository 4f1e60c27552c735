package dev.healthcheck;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** R5 for real: no number of probers makes a check run more than once a second. */
class StormTest {
    private static final int CALLERS = 64;
    private static final long STORM = SECONDS.toNanos(5);

    private final AtomicInteger runs = new AtomicInteger();

    @Test // R5c
    void sixty_four_callers_for_five_seconds_make_a_check_run_at_most_once_a_second() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try (HealthCheckRegistry registry = HealthCheckRegistry.create()) {
            registry.register("db", this::takeTwentyMilliseconds);
            List<Callable<Integer>> storm = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                storm.add(() -> askUntilOver(registry));
            }

            long begin = System.nanoTime();
            List<Future<Integer>> answers = callers.invokeAll(storm, 60, SECONDS);
            int seconds = (int) NANOSECONDS.toSeconds(System.nanoTime() - begin);

            int asked = 0;
            for (Future<Integer> answer : answers) {
                asked += answer.get();
            }
            assertThat(asked).isGreaterThan(1000);
            assertThat(runs).hasValueBetween(2, seconds + 1);
        } finally {
            callers.shutdownNow();
        }
    }

    private static int askUntilOver(HealthCheckRegistry registry) {
        long end = System.nanoTime() + STORM;
        int asked = 0;
        while (System.nanoTime() - end < 0) {
            assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
            asked++;
        }
        return asked;
    }

    private CheckResult takeTwentyMilliseconds() throws InterruptedException {
        runs.incrementAndGet();
        boolean early = new CountDownLatch(1).await(20, MILLISECONDS);
        return early ? CheckResult.down("the latch was counted down") : CheckResult.up();
    }
}
