package dev.healthcheck.micrometer;

import static dev.healthcheck.micrometer.Eventually.eventually;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reading meters starts no run, and looks at the checks once a scrape. */
class ScrapeTest {
    private final HealthCheckRegistry health = HealthCheckRegistry.create();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // nanoTime may overflow
    private final Scrape scrape = new Scrape(() -> Snapshot.of(health), now::get);

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
    void reads_that_follow_each_other_within_50_ms_get_one_snapshot() {
        Snapshot first = scrape.read();

        now.addAndGet(ofMillis(50).toNanos());
        assertThat(scrape.read()).isSameAs(first);
        now.addAndGet(ofMillis(50).toNanos());
        assertThat(scrape.read()).isSameAs(first);
    }

    @Test
    void a_read_after_a_longer_pause_gets_a_new_one() {
        Snapshot first = scrape.read();

        now.addAndGet(ofMillis(50).toNanos() + 1);

        assertThat(scrape.read()).isNotSameAs(first);
    }

    @Test
    void reads_without_a_pause_get_a_new_one_after_a_second() {
        Snapshot first = scrape.read();
        for (int i = 0; i < 100; i++) {
            now.addAndGet(ofMillis(10).toNanos());
            assertThat(scrape.read()).isSameAs(first);
        }

        now.addAndGet(1);

        assertThat(scrape.read()).isNotSameAs(first);
    }
}
