package dev.healthcheck.micrometer;

import static dev.healthcheck.micrometer.Eventually.eventually;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.Patience;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthMetricsTest {
    private final HealthCheckRegistry health = Patience.builder().build();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicReference<CheckResult> answer = new AtomicReference<>(CheckResult.up());

    @BeforeEach
    void bind() {
        new HealthMetrics(health).bindTo(meters);
    }

    @AfterEach
    void close() {
        health.close();
    }

    @Test
    void all_statuses_have_a_series_from_the_registration_on_and_before_the_first_run_unknown_is_1() {
        health.register("db", answer::get);

        awaitStatus("db", "unknown");
        assertThat(labels("health.check.status", "status")).containsExactly("degraded", "down", "unknown", "up");
        assertThat(gauge("health.check.age", "check", "db")).isNaN();
        assertThat(gauge("health.check.since", "check", "db")).isNaN();
        assertThat(gauge("health.check.overdue", "check", "db")).isZero();
    }

    @Test
    void exactly_the_series_of_the_present_status_is_1() {
        health.register("db", answer::get, o -> o.cacheFor(Duration.ZERO));

        for (CheckResult next : List.of(CheckResult.up(), CheckResult.degraded("slow"), CheckResult.down("gone"))) {
            ask("db", next);
            awaitStatus("db", next.status().name().toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void a_check_that_names_its_reason_stale_or_pending_is_down_and_not_unknown() {
        health.register("rates", answer::get);

        ask("rates", CheckResult.down("10 min old").withReason("stale"));

        awaitStatus("rates", "down");
    }

    @Test
    void only_the_present_reason_has_a_series() {
        health.register("db", answer::get, o -> o.cacheFor(Duration.ZERO));

        ask("db", CheckResult.down("gone").withReason("unreachable"));
        awaitReasons("unreachable");
        assertThat(gauge("health.check.reason", "reason", "unreachable")).isEqualTo(1);

        ask("db", CheckResult.down("who?").withReason("auth"));
        awaitReasons("auth");

        ask("db", CheckResult.up());
        awaitReasons();
    }

    @Test
    void runs_are_timed_by_the_status_after_them() {
        health.register("db", answer::get, o -> o.cacheFor(Duration.ZERO));

        ask("db", CheckResult.up());
        ask("db", CheckResult.up());
        ask("db", CheckResult.down("gone"));

        eventually(() -> {
            assertThat(labels("health.check.duration", "status")).containsExactly("down", "up");
            assertThat(meters.get("health.check.duration")
                            .tag("status", "up")
                            .timer()
                            .count())
                    .isEqualTo(2);
            assertThat(meters.get("health.check.duration")
                            .tag("status", "down")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
        assertThat(meters.get("health.check.duration")
                        .tag("status", "up")
                        .timer()
                        .totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
    }

    @Test
    void failures_count_by_reason_also_while_a_threshold_keeps_the_status() {
        health.register("db", answer::get, o -> o.cacheFor(Duration.ZERO).failureThreshold(3));

        ask("db", CheckResult.up());
        ask("db", CheckResult.down("gone").withReason("unreachable"));
        ask("db", CheckResult.down("gone").withReason("unreachable"));
        ask("db", CheckResult.down("no reason"));
        ask("db", CheckResult.degraded("slow").withReason("slow"));
        ask("db", CheckResult.up());

        eventually(() -> {
            assertThat(labels("health.check.failures", "reason")).containsExactly("none", "unreachable");
            assertThat(counter("health.check.failures", "reason", "unreachable"))
                    .isEqualTo(2);
            assertThat(counter("health.check.failures", "reason", "none")).isEqualTo(1);
        });
    }

    @Test
    void changes_of_the_status_count_and_neither_the_first_status_nor_another_reason_is_one() {
        health.register("db", answer::get, o -> o.cacheFor(Duration.ZERO));

        ask("db", CheckResult.up());
        ask("db", CheckResult.down("gone").withReason("unreachable"));
        ask("db", CheckResult.down("who?").withReason("auth"));
        ask("db", CheckResult.up());
        ask("db", CheckResult.down("gone").withReason("unreachable"));

        eventually(() -> {
            assertThat(counter("health.check.changes", "to", "down")).isEqualTo(2);
            assertThat(counter("health.check.changes", "to", "up")).isEqualTo(1);
        });
        assertThat(counter("health.check.changes", "to", "degraded")).isZero();
    }

    @Test
    void a_run_that_hangs_is_overdue_and_its_reason_is_shown() {
        Hang hang = new Hang();
        try {
            health.register("db", hang, o -> o.timeout(Duration.ofMillis(50)).cacheFor(Duration.ZERO));

            eventually(
                    () -> { // a run that got no thread in time is not overdue
                        assertThat(health.check("db")).isPresent();
                        // read as by a scrape, because a run that hangs after one without a thread makes no event
                        assertThat(gauge("health.check.overdue", "check", "db")).isGreaterThan(0.05);
                        assertThat(labels("health.check.reason", "reason")).containsExactly("stuck");
                    });

            awaitStatus("db", "down");
            eventually(() -> assertThat(counter("health.check.failures", "reason", "timeout"))
                    .isPositive());
        } finally {
            hang.release();
        }
    }

    @Test
    void ages_grow_although_nothing_runs() {
        health.register("db", answer::get);
        ask("db", CheckResult.up());

        await().until(() -> gauge("health.check.age", "check", "db") > 0.2);
        await().until(() -> gauge("health.check.since", "check", "db") > 0.2);
    }

    @Test
    void an_optional_check_is_not_required() {
        health.register("db", answer::get);
        health.register("cache", answer::get, o -> o.optional());

        eventually(() -> {
            assertThat(gauge("health.check.required", "check", "db")).isEqualTo(1);
            assertThat(gauge("health.check.required", "check", "cache")).isZero();
        });
    }

    @Test
    void a_check_that_is_required_to_start_is_required_until_its_first_verdict_that_is_not_down() {
        health.register("db", answer::get, o -> o.requiredToStart().cacheFor(Duration.ZERO));
        awaitRequired(1);
        ask("db", CheckResult.down("gone"));
        awaitRequired(1);

        ask("db", CheckResult.up());
        awaitRequired(0);
        ask("db", CheckResult.down("gone"));
        awaitRequired(0);
    }

    private void awaitRequired(int expected) {
        eventually(
                () -> assertThat(gauge("health.check.required", "check", "db")).isEqualTo(expected));
    }

    @Test
    void each_probe_has_the_status_of_its_report() {
        health.register("db", () -> CheckResult.down("gone"), o -> o.every(Duration.ofHours(1)));

        eventually(() -> {
            assertThat(probe("readiness", "down")).isEqualTo(1);
            assertThat(probe("overall", "down")).isEqualTo(1);
        });
        assertThat(probe("readiness", "up")).isZero();
        assertThat(probe("liveness", "up")).isEqualTo(1);
        assertThat(probe("startup", "up")).isEqualTo(1);
        assertThat(gauge("health.draining", "check", null)).isZero();
    }

    @Test
    void draining_is_shown() {
        health.register("db", answer::get, o -> o.every(Duration.ofHours(1)));

        health.drain();

        eventually(() -> {
            assertThat(gauge("health.draining", "check", null)).isEqualTo(1);
            assertThat(probe("readiness", "down")).isEqualTo(1);
            assertThat(gauge("health.check.status", "status", "up")).isEqualTo(1);
        });
    }

    @Test
    void when_the_registry_closes_the_meters_of_its_checks_go_and_it_is_as_if_it_were_draining() {
        health.register("db", answer::get);
        ask("db", CheckResult.up());
        awaitStatus("db", "up");

        health.close();

        eventually(() -> assertThat(ofChecks()).isEmpty());
        eventually(() -> assertThat(gauge("health.draining", "check", null)).isEqualTo(1));
        assertThat(probe("readiness", "down")).isEqualTo(1);
    }

    @Test
    void a_check_that_is_unregistered_has_no_series() {
        Registration registration = health.register("db", answer::get);
        health.register("cache", answer::get);
        ask("db", CheckResult.down("gone").withReason("unreachable"));
        awaitReasons("pending", "unreachable");

        registration.close();

        eventually(() -> assertThat(ofChecks()).isNotEmpty().allMatch(meter -> "cache"
                .equals(meter.getId().getTag("check"))));
    }

    @Test
    void a_name_that_is_registered_again_has_its_series_again() {
        health.register("db", answer::get).close();
        eventually(() -> assertThat(ofChecks()).isEmpty());

        health.register("db", answer::get);

        awaitStatus("db", "unknown");
    }

    @Test
    void meters_keep_the_registry_that_they_show() {
        MeterRegistry others = new SimpleMeterRegistry();
        WeakReference<HealthCheckRegistry> kept = bindOneThatNobodyElseHolds(others);

        System.gc();

        assertThat(kept.get()).isNotNull();
        assertThat(others.get("health.draining").gauge().value()).isZero();
        assertThat(others.get("health.check.required").gauge().value()).isEqualTo(1);
        requireNonNull(kept.get()).close();
    }

    private static WeakReference<HealthCheckRegistry> bindOneThatNobodyElseHolds(MeterRegistry others) {
        HealthCheckRegistry other = HealthCheckRegistry.create();
        other.register("db", CheckResult::up);
        new HealthMetrics(other).bindTo(others);
        return new WeakReference<>(other);
    }

    @Test
    void every_meter_has_a_description_and_every_time_is_in_seconds() {
        health.register("db", answer::get);
        ask("db", CheckResult.down("gone").withReason("unreachable"));
        awaitReasons("unreachable");

        assertThat(meters.getMeters()).hasSizeGreaterThan(20).allSatisfy(meter -> {
            Meter.Id id = meter.getId();
            assertThat(id.getDescription()).isNotBlank();
            if (id.getName().matches(".*\\.(since|age|overdue|duration)")) {
                assertThat(id.getBaseUnit()).isEqualTo("seconds");
            } else {
                assertThat(id.getBaseUnit()).isNull();
            }
        });
    }

    private void ask(String check, CheckResult result) {
        answer.set(result);
        assertThat(health.check(check)).isPresent();
    }

    private void awaitStatus(String check, String expected) {
        eventually(() -> {
            for (String status : Labels.STATUSES) {
                assertThat(meters.get("health.check.status")
                                .tags("check", check, "status", status)
                                .gauge()
                                .value())
                        .as(status)
                        .isEqualTo(status.equals(expected) ? 1 : 0);
            }
        });
    }

    private void awaitReasons(String... expected) {
        eventually(() -> assertThat(labels("health.check.reason", "reason")).containsExactly(expected));
    }

    private double probe(String probe, String status) {
        return meters.get("health.status")
                .tags("probe", probe, "status", status)
                .gauge()
                .value();
    }

    private double gauge(String name, String key, String value) {
        var search = meters.get(name);
        return (value == null ? search : search.tag(key, value)).gauge().value();
    }

    private double counter(String name, String key, String value) {
        return meters.get(name).tag(key, value).counter().count();
    }

    private List<String> labels(String name, String key) {
        return meters.find(name).meters().stream()
                .map(meter -> meter.getId().getTag(key))
                .sorted()
                .toList();
    }

    private List<Meter> ofChecks() {
        return meters.getMeters().stream()
                .filter(meter ->
                        meter.getId().getTags().stream().map(Tag::getKey).anyMatch("check"::equals))
                .toList();
    }
}
