package dev.healthcheck.checks;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.CapturedLog;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MaintenanceSwitchTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // which overflows in no time
    private final MaintenanceSwitch maintenance = new MaintenanceSwitch(nanos::get);
    private final HealthCheckRegistry health = HealthCheckRegistry.builder()
            .defaults(o -> o.optional().failureThreshold(3).successThreshold(3).every(ofMinutes(1)))
            .build();

    @AfterEach
    void close() {
        health.close();
    }

    @Test
    void it_holds_and_ends_at_once_whatever_the_defaults_of_the_registry_are() {
        health.register("maintenance", maintenance);
        assertThat(readiness()).isEqualTo(Status.UP);

        maintenance.on("vacuum", ofMinutes(20));
        assertThat(readiness()).isEqualTo(Status.DOWN);
        assertThat(shown().reason()).isEqualTo("maintenance");
        assertThat(shown().required()).isTrue();

        maintenance.off();
        assertThat(readiness()).isEqualTo(Status.UP);
    }

    @Test
    void it_ends_by_itself() {
        maintenance.on("vacuum", ofMinutes(20));
        pass(ofMinutes(20).minusNanos(1));
        assertThat(maintenance.check()).hasToString("DOWN (maintenance)");

        pass(Duration.ofNanos(1));
        assertThat(maintenance.check()).hasToString("UP");

        pass(Duration.ofDays(400));
        assertThat(maintenance.check()).hasToString("UP");
    }

    @Test
    void the_message_says_why_and_how_long_and_only_the_reason_is_public() {
        maintenance.on("OPS-1: vacuum", ofMinutes(20));
        pass(ofMinutes(5));

        assertThat(maintenance.check().message()).isEqualTo("OPS-1: vacuum (ends by itself in 15 min)");
        assertThat(maintenance.check().details()).containsOnlyKeys("endsInMs").containsEntry("endsInMs", 900_000L);
        assertThat(maintenance.check()).hasToString("DOWN (maintenance)");
    }

    @Test
    void a_second_on_replaces_the_first_also_by_a_shorter_time() {
        maintenance.on("one", ofHours(2));
        maintenance.on("two", ofMinutes(1));
        assertThat(maintenance.check().message()).startsWith("two (");

        pass(ofMinutes(1));
        assertThat(maintenance.check()).hasToString("UP");
    }

    @Test
    void off_while_it_is_off_does_nothing() {
        maintenance.off();
        assertThat(maintenance.check()).hasToString("UP");
    }

    @Test // L22
    void the_log_tells_it_at_INFO_and_the_end_with_its_time() {
        try (var log = new CapturedLog()) {
            health.register("maintenance", maintenance);
            readiness();
            maintenance.on("vacuum", ofMinutes(20));
            readiness();
            maintenance.off();
            readiness();

            await().untilAsserted(() -> assertThat(log.lines(Level.INFO))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anyMatch(line -> line.matches("maintenance is DOWN \\(maintenance\\), was UP: vacuum"
                            + " \\(ends by itself in 20 min\\) \\[ref [0-9a-z]{6}\\]"))
                    .anyMatch(line -> line.startsWith("maintenance is UP, was DOWN (maintenance) for ")));
            assertThat(log.lines).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.WARN));
        }
    }

    @Test
    void a_switch_that_runs_on_a_schedule_holds_after_a_run() {
        var registration = health.register("maintenance", maintenance, o -> o.every(ofMinutes(1)));
        assertThat(readiness()).isEqualTo(Status.UP);
        maintenance.on("vacuum", ofMinutes(20));
        registration.runNow();

        assertThat(readiness()).isEqualTo(Status.DOWN);
        assertThat(health.latest(Probe.READINESS).status()).isEqualTo(Status.DOWN);
    }

    @Test
    void it_is_refused_in_liveness() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> health.register("maintenance", maintenance, o -> o.probes(Probe.LIVENESS)))
                .withMessageContaining("no dependency in LIVENESS");
    }

    @Test
    void a_time_that_is_not_positive_or_longer_than_a_day_is_refused_and_changes_nothing() {
        maintenance.on("vacuum", ofMinutes(20));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> maintenance.on("for ever", ofHours(24).plusNanos(1)))
                .withMessage("atMost: PT24H0.000000001S (expected: <= PT24H)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> maintenance.on("never", ofSeconds(0)))
                .withMessage("atMost: PT0S (expected: > 0)");
        assertThatIllegalArgumentException().isThrownBy(() -> maintenance.on("long", ofSeconds(Long.MAX_VALUE)));
        assertThatNullPointerException().isThrownBy(() -> maintenance.on(null, ofSeconds(1)));
        assertThatNullPointerException().isThrownBy(() -> maintenance.on("vacuum", null));

        assertThat(maintenance.check().message()).startsWith("vacuum (");
    }

    private Status readiness() {
        return health.check(Probe.READINESS).status();
    }

    private CheckReport shown() {
        HealthReport report = health.latest(Probe.READINESS);
        return report.checks().get(0);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
