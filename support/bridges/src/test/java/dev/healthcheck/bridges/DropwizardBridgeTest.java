package dev.healthcheck.bridges;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.HealthCheck.Result;
import com.codahale.metrics.health.annotation.Async;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DropwizardBridgeTest {
    private final HealthCheckRegistry health = HealthCheckRegistry.create();
    private final HealthCheckRegistry patient = Patience.builder().build();

    // recipe
    static dev.healthcheck.HealthCheck of(com.codahale.metrics.health.HealthCheck check) {
        return () -> {
            Result result = check.execute(); // catches what the check throws
            if (result.isHealthy()) {
                return CheckResult.up();
            }
            CheckResult down = CheckResult.down(String.valueOf(result.getMessage()));
            return result.getError() == null ? down : down.withCause(result.getError());
        };
    }
    // end of recipe

    @AfterEach
    void close() {
        health.close();
        patient.close();
    }

    @Test
    void healthy_is_up_and_unhealthy_is_down_with_its_message_or_without_one() {
        assertThat(shown(checkThat(Result::healthy)))
                .hasToString(shown(checkThat(Result::healthy)).toString());
        assertThat(shown(checkThat(Result::healthy)).status()).hasToString("UP");

        CheckReport report = shown(checkThat(() -> Result.unhealthy("no licence")));
        assertThat(report.status()).hasToString("DOWN");
        assertThat(report.message()).isEqualTo("no licence");

        CheckReport without = shown(checkThat(() -> Result.unhealthy((String) null)));
        assertThat(without.status()).hasToString("DOWN");
        assertThat(without.reason()).as("not that the bridge threw").isNull();
    }

    @Test
    void what_it_throws_is_the_cause_in_the_log_and_not_in_the_public_answer() {
        CheckReport report = shown(checkThat(() -> {
            throw new IllegalStateException("secret");
        }));

        assertThat(report.status()).hasToString("DOWN");
        assertThat(report.cause()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void one_that_hangs_is_down_in_time() throws Exception {
        var released = new CountDownLatch(1);
        HealthCheck check = checkThat(() -> {
            released.await();
            return Result.healthy();
        });
        // recipe
        health.register("licence", of(check));
        // end of recipe

        CheckReport report = Patience.assertAnsweredWithin(
                Duration.ofMillis(900), () -> health.check("licence").orElseThrow());

        assertThat(report.reason()).isEqualTo("timeout");
        released.countDown();
    }

    /** What Dropwizard's registry returns for the name is a decorator, which gives the last result again for ever. */
    @Test
    void an_asynchronous_check_is_stale_from_Dropwizards_registry_and_fresh_as_itself() {
        var healthy = new AtomicBoolean(true);
        var theirs = new com.codahale.metrics.health.HealthCheckRegistry();
        var check = new Hourly(healthy);
        theirs.register("licence", check);
        org.awaitility.Awaitility.await()
                .until(() -> theirs.runHealthCheck("licence").isHealthy());
        healthy.set(false);

        assertThat(theirs.runHealthCheck("licence").isHealthy()).isTrue();
        assertThat(shown(theirs.getHealthCheck("licence")).status()).hasToString("UP");
        assertThat(shown(check).status()).hasToString("DOWN");
        theirs.shutdown();
    }

    private CheckReport shown(HealthCheck theirs) {
        try (var registration = patient.register("licence", of(theirs))) {
            return patient.check(registration.name()).orElseThrow();
        }
    }

    private interface Question {
        Result ask() throws Exception;
    }

    private static HealthCheck checkThat(Question question) {
        return new HealthCheck() {
            @Override
            protected Result check() throws Exception {
                return question.ask();
            }
        };
    }

    @Async(period = 1, unit = TimeUnit.HOURS)
    private static final class Hourly extends HealthCheck {
        private final AtomicBoolean healthy;

        Hourly(AtomicBoolean healthy) {
            this.healthy = healthy;
        }

        @Override
        protected Result check() {
            return healthy.get() ? Result.healthy() : Result.unhealthy("ended");
        }
    }
}
