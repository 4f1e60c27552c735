package dev.healthcheck.micrometer;

import static dev.healthcheck.micrometer.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.StatusChange;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Patience;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A meter registry that throws or blocks harms neither runs nor answers, neither the log nor other listeners. */
class HostileMeterRegistryTest {
    private final HealthCheckRegistry health = Patience.builder().build();
    private final HealthMetrics metrics = new HealthMetrics(health);
    private final List<StatusChange> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch blocked = new CountDownLatch(1);

    @AfterEach
    void close() {
        released.countDown();
        health.close();
    }

    @Test
    void while_it_blocks_in_registration_everything_else_goes_on_and_afterwards_the_meters_are_right()
            throws Exception {
        SimpleMeterRegistry meters = new Hostile(this::block, Hostile.REGISTER);
        metrics.bindTo(meters);
        health.register("db", () -> CheckResult.down("gone").withReason("unreachable"), o -> o.cacheFor(Duration.ZERO));
        blocked.await();

        assertEverythingGoesOn();
        released.countDown();

        eventually(() -> assertThat(meters.get("health.check.status")
                        .tag("status", "down")
                        .gauge()
                        .value())
                .isEqualTo(1));
        eventually(() ->
                assertThat(meters.get("health.check.duration").timer().count()).isEqualTo(101));
    }

    @Test
    void while_it_blocks_in_increment_everything_else_goes_on_and_what_waits_is_bounded() throws Exception {
        SimpleMeterRegistry meters = new Hostile(this::block, Hostile.INCREMENT);
        metrics.bindTo(meters);
        health.register("db", () -> CheckResult.down("gone").withReason("unreachable"), o -> o.cacheFor(Duration.ZERO));
        assertThat(health.check("db")).isPresent();
        blocked.await();

        assertEverythingGoesOn();
        for (int i = 0; i < 5_000; i++) {
            assertThat(health.check("db")).isPresent();
        }
        eventually(() -> assertThat(
                        meters.get("health.events.dropped").functionCounter().count())
                .isGreaterThan(900));
        released.countDown();

        eventually(() -> {
            double counted = meters.get("health.check.duration").timer().count();
            double dropped =
                    meters.get("health.events.dropped").functionCounter().count();
            assertThat(counted + dropped).isBetween(5_101.0, 5_104.0); // a dropped event may be a change
        });
    }

    @Test
    void while_it_blocks_answers_are_given_at_once_and_counted_afterwards() throws Exception {
        SimpleMeterRegistry meters = new Hostile(this::block, Hostile.REGISTER);
        metrics.bindTo(meters);
        health.register("db", CheckResult::up);
        HealthEndpoint endpoint =
                HealthEndpoint.builder(health).onAnswer(metrics.probeRequests()).build();
        blocked.await();

        for (int i = 0; i < 1_000; i++) {
            assertThat(endpoint.await(HealthRequest.of("GET", "/health", "/ready", name -> null))
                            .status())
                    .isEqualTo(200);
        }
        released.countDown();

        eventually(() ->
                assertThat(meters.get("health.probe.requests").timer().count()).isEqualTo(1_000));
    }

    @Test
    void closing_waits_a_second_for_one_that_blocks_and_its_meters_go_when_it_blocks_no_longer() throws Exception {
        SimpleMeterRegistry meters = new Hostile(this::block, Hostile.REGISTER);
        metrics.bindTo(meters);
        health.register("db", CheckResult::up);
        blocked.await();

        Patience.assertAnsweredWithin(Duration.ofSeconds(2), () -> {
            metrics.close();
            return true;
        });
        released.countDown();

        eventually(() -> assertThat(meters.getMeters()).isEmpty());
    }

    @Test
    void one_that_throws_in_registration_misses_meters_and_the_log_says_so_once() {
        try (CapturedLog log = new CapturedLog()) {
            SimpleMeterRegistry meters = new Hostile(HostileMeterRegistryTest::fail, Hostile.REGISTER);
            health.register("db", () -> CheckResult.down("gone"), o -> o.cacheFor(Duration.ZERO));

            metrics.bindTo(meters);
            assertEverythingGoesOn();

            eventually(
                    () -> assertThat(said(log))
                            .containsExactly(
                                    "the meter registry threw: a health meter misses a value. Further ones are logged at DEBUG."));
        }
    }

    @Test
    void one_that_throws_in_increment_misses_the_value_and_nothing_else() {
        try (CapturedLog log = new CapturedLog()) {
            SimpleMeterRegistry meters = new Hostile(HostileMeterRegistryTest::fail, Hostile.INCREMENT);
            metrics.bindTo(meters);
            health.register("db", () -> CheckResult.down("gone"), o -> o.cacheFor(Duration.ZERO));

            assertEverythingGoesOn();

            eventually(
                    () -> assertThat(meters.get("health.check.duration").timer().count())
                            .isEqualTo(101));
            assertThat(said(log)).hasSize(1);
        }
    }

    @Test
    void one_that_throws_when_meters_are_removed_keeps_nothing_from_being_closed() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        AtomicBoolean asked = new AtomicBoolean();
        meters.config().onMeterRemoved(meter -> {
            asked.set(true);
            fail();
        });
        health.register("db", CheckResult::up);
        metrics.bindTo(meters);

        metrics.close();

        assertThat(asked).isTrue();
        assertThat(meters.getMeters()).isEmpty();
    }

    /** A hundred runs end, a hundred answers are given, and a listener hears of the change. */
    private void assertEverythingGoesOn() {
        health.addListener(told::add);
        health.register("other", () -> CheckResult.down("other"));
        for (int i = 0; i < 100; i++) {
            assertThat(health.check("db").orElseThrow().isKnown()).isTrue();
        }
        assertThat(health.check(Probe.READINESS).checks()).hasSize(2);
        eventually(() -> assertThat(told).extracting(StatusChange::check).contains("other"));
    }

    private static List<String> said(CapturedLog log) {
        return log.lines(Level.WARN).stream()
                .filter(line -> line.getLoggerName().equals(HealthMetrics.class.getName()))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** Blocks the thread of the meters until the end of the test, whatever interrupts it. */
    private void block() {
        blocked.countDown();
        boolean interrupted = false;
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fail() {
        throw new IllegalStateException("no more meters");
    }

    /** Does something bad whenever a meter of a check is registered, or a counter of failures is increased. */
    private static final class Hostile extends SimpleMeterRegistry {
        static final boolean REGISTER = true;
        static final boolean INCREMENT = false;

        private final Runnable harm;
        private final boolean onRegister;

        Hostile(Runnable harm, boolean onRegister) {
            this.harm = harm;
            this.onRegister = onRegister;
        }

        private void registering(Meter.Id id) {
            if (onRegister && id.getTag("check") != null) {
                harm.run();
            }
        }

        @Override
        protected <T> Gauge newGauge(Meter.Id id, T object, ToDoubleFunction<T> value) {
            registering(id);
            return super.newGauge(id, object, value);
        }

        @Override
        protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauses) {
            registering(id);
            return super.newTimer(id, config, pauses);
        }

        @Override
        protected Counter newCounter(Meter.Id id) {
            registering(id);
            Counter counter = super.newCounter(id);
            return onRegister
                    ? counter
                    : new Counter() {
                        @Override
                        public void increment(double amount) {
                            harm.run();
                            counter.increment(amount);
                        }

                        @Override
                        public double count() {
                            return counter.count();
                        }

                        @Override
                        public Id getId() {
                            return id;
                        }
                    };
        }
    }
}
