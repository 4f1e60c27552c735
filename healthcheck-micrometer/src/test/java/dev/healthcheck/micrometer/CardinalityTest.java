package dev.healthcheck.micrometer;

import static dev.healthcheck.micrometer.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import dev.healthcheck.testkit.Patience;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many series there are, whatever checks and applications do. */
class CardinalityTest {
    private static final int MANY = 10_000;

    private final HealthCheckRegistry health = Patience.builder().build();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        health.close();
    }

    @Test
    void a_check_that_makes_up_reasons_has_20_of_them_as_labels_and_other() {
        makeUpReasons(100);
    }

    @Test
    @Tag("slow")
    void a_check_that_makes_up_10_000_reasons_has_20_of_them_as_labels_and_other() {
        makeUpReasons(MANY);
    }

    private void makeUpReasons(int number) {
        AtomicInteger runs = new AtomicInteger();
        health.register(
                "hostile",
                () -> CheckResult.down("again").withReason("reason-" + runs.incrementAndGet()),
                o -> o.cacheFor(Duration.ZERO));
        new HealthMetrics(health).bindTo(meters);

        for (int i = 0; i < number; i++) {
            assertThat(health.check("hostile")).isPresent();
        }

        eventually(() -> assertThat(reasons("health.check.reason")).containsExactly("other"));
        eventually(() ->
                assertThat(meters.get("health.check.reason").gauge().value()).isEqualTo(1));
        eventually(() -> {
            assertThat(reasons("health.check.failures")).hasSizeBetween(2, 21).contains("other");
            assertThat(failures()).isGreaterThan(21).isLessThanOrEqualTo(number);
        });
        assertThat(meters.getMeters()).hasSizeLessThan(60);
    }

    private double failures() {
        return meters.find("health.check.failures").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void registering_unregistering_and_closing_checks_leaves_no_meter_behind() {
        comeAndGo(100);
    }

    @Test
    @Tag("slow")
    void registering_unregistering_and_closing_10_000_checks_leaves_no_meter_behind() {
        comeAndGo(MANY);
    }

    private void comeAndGo(int number) {
        HealthMetrics metrics = new HealthMetrics(health);
        metrics.bindTo(meters);
        int own = meters.getMeters().size();

        List<Registration> registrations = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            Registration registration = health.register("check-" + i, () -> CheckResult.down("gone"));
            if (i % 2 == 0) {
                registration.close();
            } else {
                registrations.add(registration);
            }
        }
        assertThat(health.check().checks()).hasSize(number / 2);
        registrations.subList(0, number / 4).forEach(Registration::close);
        health.close();

        await().atMost(Duration.ofSeconds(50))
                .untilAsserted(() -> assertThat(meters.getMeters()).hasSize(own));
        metrics.close();
        assertThat(meters.getMeters()).isEmpty();
    }

    private Set<String> reasons(String name) {
        Set<String> reasons = new TreeSet<>();
        for (Meter meter : meters.find(name).meters()) {
            reasons.add(meter.getId().getTag("reason"));
        }
        return reasons;
    }
}
