package dev.healthcheck.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import dev.healthcheck.testkit.Patience;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CheckMetersTest {
    private final HealthCheckRegistry health = Patience.builder().build();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final CheckMeters check = new CheckMeters(
            new ContainedMeters(meters, LoggerFactory.getLogger(CheckMetersTest.class)),
            Tags.of("check", "db"),
            () -> null);
    private CheckResult answer = CheckResult.down("gone");

    @AfterEach
    void close() {
        health.close();
    }

    @Test
    void a_failure_counts_although_the_good_run_before_it_was_dropped() {
        Registration db = health.register("db", () -> answer, o -> o.cacheFor(Duration.ZERO));
        check.ran(db.runNow());
        check.ran(db.runNow());

        answer = CheckResult.up();
        CheckReport dropped = db.runNow();
        answer = CheckResult.down("gone again");
        check.ran(db.runNow());

        assertThat(dropped.consecutiveFailures()).isZero();
        assertThat(meters.get("health.check.failures").counter().count()).isEqualTo(3);
    }

    @Test
    void an_overdue_run_that_is_no_evidence_does_not_count_the_failure_before_it_again() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        HealthCheck waits = new HealthCheck() {
            @Override
            public CheckResult check() {
                throw new AssertionError("the registry gives a deadline");
            }

            @Override
            public CheckResult check(Deadline deadline) throws Exception {
                if (runs.getAndIncrement() > 0) {
                    deadline.ifMissed(CheckResult.degraded("overloaded"));
                    released.await();
                }
                return CheckResult.down("gone");
            }
        };
        // each run must begin within the timeout
        Registration db = health.register("db", waits, o -> o.timeout(Duration.ofMillis(800))
                .cacheFor(Duration.ZERO)
                .interruptOnTimeout(false));
        check.ran(db.runNow());

        CheckReport overdue = db.runNow();
        check.ran(overdue);
        released.countDown();

        assertThat(overdue.consecutiveFailures()).isEqualTo(1);
        assertThat(meters.get("health.check.failures").counter().count()).isEqualTo(1);
    }
}
