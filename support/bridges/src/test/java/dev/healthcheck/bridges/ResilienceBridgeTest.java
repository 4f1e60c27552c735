package dev.healthcheck.bridges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.Patience;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResilienceBridgeTest {
    private static final Duration OPEN_FOR = Duration.ofMillis(50);

    private final CircuitBreaker breaker = CircuitBreaker.of(
            "payments",
            CircuitBreakerConfig.custom()
                    .minimumNumberOfCalls(2)
                    .slidingWindowSize(2)
                    .permittedNumberOfCallsInHalfOpenState(2)
                    .waitDurationInOpenState(OPEN_FOR)
                    .build());
    private final HealthCheckRegistry health = Patience.builder()
            .defaults(o -> o.timeout(Duration.ofSeconds(30)).cacheFor(Duration.ZERO))
            .build();

    // recipe
    static HealthCheck of(CircuitBreaker breaker) {
        return () -> switch (breaker.getState()) {
            case CLOSED, DISABLED, METRICS_ONLY -> CheckResult.up();
            case HALF_OPEN -> CheckResult.degraded("tries again").withReason("circuit-half-open");
            case OPEN, FORCED_OPEN -> CheckResult.degraded("refuses calls").withReason("circuit-open");
        };
    }
    // end of recipe

    @BeforeEach
    void register() {
        // recipe
        health.register("payments", of(breaker));
        // end of recipe
    }

    @AfterEach
    void close() {
        health.close();
    }

    @Test
    void a_closed_circuit_is_up() {
        assertThat(shown()).isEqualTo("UP null");
    }

    @Test
    void an_open_circuit_is_degraded_and_readiness_stays_200() {
        open();

        assertThat(shown()).isEqualTo("DEGRADED circuit-open");
        assertThat(health.check(Probe.READINESS).status()).isEqualTo(Status.DEGRADED);
    }

    @Test
    void a_forced_open_circuit_is_degraded_too_and_a_disabled_one_is_up() {
        breaker.transitionToForcedOpenState();
        assertThat(shown()).isEqualTo("DEGRADED circuit-open");

        breaker.transitionToDisabledState();
        assertThat(shown()).isEqualTo("UP null");
    }

    /** So an instance that gets no requests because its circuit is open would never get any again. */
    @Test
    void an_open_circuit_stays_open_until_a_request_comes_however_long_that_is_after_its_time() {
        open();
        long opened = System.nanoTime();
        await().until(() ->
                System.nanoTime() - opened > OPEN_FOR.multipliedBy(4).toNanos());
        assertThat(shown()).isEqualTo("DEGRADED circuit-open");

        assertThat(breaker.tryAcquirePermission()).isTrue();
        assertThat(shown()).isEqualTo("DEGRADED circuit-half-open");
    }

    @Test
    void the_check_takes_none_of_the_calls_that_a_half_open_circuit_permits() {
        open();
        breaker.transitionToHalfOpenState();
        for (int i = 0; i < 10; i++) {
            assertThat(shown()).isEqualTo("DEGRADED circuit-half-open");
        }

        assertThat(breaker.tryAcquirePermission()).isTrue();
        assertThat(breaker.tryAcquirePermission()).isTrue();
        breaker.onSuccess(1, java.util.concurrent.TimeUnit.MILLISECONDS);
        breaker.onSuccess(1, java.util.concurrent.TimeUnit.MILLISECONDS);
        assertThat(breaker.getState()).isEqualTo(State.CLOSED);
        assertThat(shown()).isEqualTo("UP null");
    }

    private void open() {
        for (int i = 0; i < 2; i++) {
            breaker.onError(1, java.util.concurrent.TimeUnit.MILLISECONDS, new IOException("refused"));
        }
        assertThat(breaker.getState()).isEqualTo(State.OPEN);
    }

    private String shown() {
        var report = health.check("payments").orElseThrow();
        return report.status() + " " + report.reason();
    }
}
