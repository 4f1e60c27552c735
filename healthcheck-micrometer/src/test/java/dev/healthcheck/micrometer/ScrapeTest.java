package dev.healthcheck.micrometer;

import static dev.healthcheck.micrometer.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reading meters starts no run, and looks at the checks once a scrape. */
class ScrapeTest {
    private final HealthCheckRegistry health = HealthCheckRegistry.create();

    @AfterEach
    void close() {
        health.close();
    }

    @Test
    void a_hundred_scrapes_start_no_run() throws Exception {
        Prometheus prometheus = new Prometheus();
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            health.register("on-demand-" + i, () -> {
                runs.incrementAndGet();
                return CheckResult.up();
            });
            health.register(
                    "scheduled-" + i,
                    () -> {
                        runs.incrementAndGet();
                        return CheckResult.up();
                    },
                    o -> o.every(Duration.ofHours(1)));
        }
        new HealthMetrics(health).bindTo(prometheus.meters);
        eventually(() -> assertThat(runs).hasValue(10));

        for (int i = 0; i < 100; i++) {
            assertThat(prometheus.scrape()).contains("health_check_status{check=\"on-demand-7\"");
        }

        assertThat(runs).hasValue(10);
    }

    @Test
    void all_reads_of_one_scrape_get_one_snapshot() {
        health.register("db", CheckResult::up);
        AtomicInteger taken = new AtomicInteger();
        Scrape scrape = new Scrape(() -> {
            taken.incrementAndGet();
            return Snapshot.of(health);
        });

        long begin = System.nanoTime();
        for (int i = 0; i < 100_000; i++) {
            assertThat(scrape.read()).isNotNull();
        }
        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();

        assertThat(taken).hasValueBetween(1, 100 + 2 * (int) seconds); // a pause of the process begins a new one, too
    }

    @Test
    void a_later_scrape_gets_a_new_one() {
        Scrape scrape = new Scrape(() -> Snapshot.of(health));
        Snapshot first = scrape.read();

        eventually(() -> assertThat(scrape.read()).isNotSameAs(first));
    }

    @Test
    void reads_without_a_pause_get_a_new_one_after_a_second() {
        Scrape scrape = new Scrape(() -> Snapshot.of(health));
        Snapshot first = scrape.read();
        long begin = System.nanoTime();

        while (scrape.read() == first) {
            Thread.onSpinWait();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }
}
