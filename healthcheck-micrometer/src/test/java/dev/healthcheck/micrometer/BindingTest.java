package dev.healthcheck.micrometer;

import static dev.healthcheck.micrometer.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Patience;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Binding, twice, to several meter registries, through filters; and the end of it. */
class BindingTest {
    private final HealthCheckRegistry health = Patience.builder().build();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HealthMetrics metrics = new HealthMetrics(health);

    @AfterEach
    void close() {
        health.close();
    }

    @Test
    void the_meters_of_checks_that_are_registered_already_are_there_when_the_binding_is_done() {
        health.register("db", CheckResult::up);

        metrics.bindTo(meters);

        assertThat(meters.find("health.check.status").tag("check", "db").gauges())
                .hasSize(4);
    }

    @Test
    void binding_twice_is_binding_once() {
        health.register("db", () -> CheckResult.down("gone"), o -> o.cacheFor(Duration.ZERO));
        metrics.bindTo(meters);
        int once = meters.getMeters().size();

        metrics.bindTo(meters);

        assertThat(meters.getMeters()).hasSize(once);
        assertThat(health.check("db")).isPresent();
        awaitRuns(meters, 1);
    }

    @Test
    void each_of_two_meter_registries_has_all_meters_and_its_own_common_tags() {
        SimpleMeterRegistry other = new SimpleMeterRegistry();
        meters.config().commonTags("region", "eu");
        other.config().commonTags("region", "us");
        health.register("db", () -> CheckResult.down("gone"));
        metrics.bindTo(meters);
        metrics.bindTo(other);

        assertThat(health.check("db")).isPresent();

        awaitRuns(meters, 1);
        awaitRuns(other, 1);
        assertThat(meters.getMeters())
                .allMatch(meter -> "eu".equals(meter.getId().getTag("region")));
        assertThat(other.getMeters())
                .allMatch(meter -> "us".equals(meter.getId().getTag("region")));
    }

    @Test
    void two_health_registries_in_one_meter_registry_are_told_apart_by_tags() {
        try (HealthCheckRegistry second = Patience.builder().build()) {
            health.register("db", CheckResult::up);
            second.register("db", () -> CheckResult.down("gone"));
            HealthMetrics one = new HealthMetrics(health, Tags.of("app", "one"));
            one.bindTo(meters);
            new HealthMetrics(second, Tags.of("app", "two")).bindTo(meters);
            assertThat(health.check("db")).isPresent();
            assertThat(second.check("db")).isPresent();

            eventually(
                    () -> assertThat(isNow("one", "up") + isNow("two", "down")).isEqualTo(2));

            one.close();
            assertThat(meters.getMeters()).isNotEmpty().allMatch(meter -> "two"
                    .equals(meter.getId().getTag("app")));
        }
    }

    private double isNow(String app, String status) {
        return meters.get("health.check.status")
                .tags("app", app, "status", status)
                .gauge()
                .value();
    }

    @Test
    void close_removes_every_meter_from_every_meter_registry_and_nothing_comes_after_it() {
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        SimpleMeterRegistry part = new SimpleMeterRegistry();
        composite.add(part);
        health.register("db", () -> CheckResult.down("gone").withReason("unreachable"));
        metrics.bindTo(meters);
        metrics.bindTo(composite);
        HealthEndpoint endpoint =
                HealthEndpoint.builder(health).onAnswer(metrics.probeRequests()).build();
        endpoint.await(HealthRequest.of("GET", "/health", "/ready", name -> null));
        awaitRuns(meters, 1);
        awaitRuns(part, 1);
        eventually(() -> assertThat(part.find("health.probe.requests").timers()).hasSize(1));

        metrics.close();
        metrics.close();
        endpoint.await(HealthRequest.of("GET", "/health", "/ready", name -> null));
        health.register("late", CheckResult::up);
        assertThat(health.check()).isNotNull();

        assertThat(meters.getMeters()).isEmpty();
        assertThat(composite.getMeters()).isEmpty();
        assertThat(part.getMeters()).isEmpty();
    }

    @Test
    void after_close_the_health_registry_keeps_nothing_of_the_meter_registry() {
        health.register("db", CheckResult::up);
        WeakReference<MeterRegistry> bound = boundAndClosed();

        await().until(() -> {
            System.gc();
            return bound.get() == null;
        });
    }

    private WeakReference<MeterRegistry> boundAndClosed() {
        MeterRegistry other = new SimpleMeterRegistry();
        metrics.bindTo(other);
        metrics.close();
        return new WeakReference<>(other);
    }

    @Test
    void what_was_closed_can_be_bound_again() {
        health.register("db", CheckResult::up);
        metrics.bindTo(meters);
        metrics.close();

        metrics.bindTo(meters);

        assertThat(health.check("db")).isPresent();
        awaitRuns(meters, 1);
    }

    @Test
    void meters_that_a_filter_denies_are_missing_and_all_others_work() {
        meters.config().meterFilter(MeterFilter.denyNameStartsWith("health.check.status"));
        meters.config().meterFilter(MeterFilter.deny(id -> id.getName().equals("health.check.duration")));
        health.register("db", () -> CheckResult.down("gone").withReason("unreachable"));
        metrics.bindTo(meters);

        assertThat(health.check("db")).isPresent();

        eventually(
                () -> assertThat(meters.get("health.check.failures").counter().count())
                        .isEqualTo(1));
        assertThat(meters.find("health.check.status").meters()).isEmpty();
        assertThat(meters.find("health.check.duration").meters()).isEmpty();
        metrics.close();
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void meters_that_a_filter_renames_work_and_are_removed_under_their_new_names() {
        meters.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.withName("orders." + id.getName());
            }
        });
        meters.config().meterFilter(MeterFilter.renameTag("orders.health.check", "check", "dependency"));
        health.register("db", () -> CheckResult.down("gone").withReason("unreachable"));
        metrics.bindTo(meters);

        assertThat(health.check("db")).isPresent();

        eventually(() -> assertThat(meters.get("orders.health.check.failures")
                        .tag("dependency", "db")
                        .counter()
                        .count())
                .isEqualTo(1));
        metrics.close();
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void one_line_names_the_checks_that_have_no_schedule() {
        try (CapturedLog log = new CapturedLog()) {
            health.register("scheduled", CheckResult::up, o -> o.every(Duration.ofHours(1)));
            metrics.bindTo(new SimpleMeterRegistry());
            assertThat(said(log)).isEmpty();

            health.register("db", CheckResult::up);
            metrics.bindTo(new SimpleMeterRegistry());
            health.register("cache", CheckResult::up);
            metrics.bindTo(new SimpleMeterRegistry());
            for (int i = 0; i < 100; i++) {
                health.register("check-" + i, CheckResult::up);
            }
            metrics.bindTo(new SimpleMeterRegistry());

            assertThat(said(log))
                    .startsWith(
                            "1 check has no schedule, so its status is unknown while nobody asks: db",
                            "2 checks have no schedule, so their status is unknown while nobody asks: db, cache")
                    .hasSize(3);
            assertThat(said(log).get(2))
                    .startsWith("102 checks have no schedule, so their status is unknown while nobody asks: db, cache,")
                    .endsWith("check-17 and 82 more");
        }
    }

    private static List<String> said(CapturedLog log) {
        return log.lines(Level.INFO).stream()
                .filter(line -> line.getLoggerName().equals(HealthMetrics.class.getName()))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static void awaitRuns(MeterRegistry meters, long runs) {
        eventually(() -> assertThat(meters.find("health.check.duration").timers())
                .singleElement()
                .satisfies(timer -> assertThat(timer.count()).isEqualTo(runs)));
    }
}
