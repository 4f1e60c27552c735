package dev.healthcheck;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Hang;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** K: what is known by now, for those who must not make checks run. */
class LatestTest {
    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable check = new Switchable();

    @Test // K1
    void it_starts_no_run_and_sets_no_alarm() {
        rig.registry.register("db", check);
        rig.readiness();
        rig.advance(ofMinutes(1));
        int wakeups = rig.time.wakeups();

        assertThat(rig.registry.latest(Probe.READINESS).status()).isEqualTo(Status.UP);
        assertThat(rig.registry.latest().status()).isEqualTo(Status.UP);
        assertThat(rig.registry.latest("db").orElseThrow().status()).isEqualTo(Status.UP);

        assertThat(rig.workers.waitingRuns()).isZero();
        assertThat(rig.time.wakeups()).isEqualTo(wakeups);
        assertThat(check.runs).hasValue(1);
    }

    @Test // K1
    void it_gives_out_the_report_that_the_last_question_got() {
        rig.registry.register("db", check);
        CheckReport last = rig.readiness().checks().get(0);
        rig.advance(ofSeconds(100));

        assertThat(rig.registry.latest().checks()).singleElement().isSameAs(last);
        assertThat(rig.registry.latest("db")).containsSame(last);
        assertThat(rig.registry.latest("other")).isEmpty();
    }

    @Test // K1
    @Timeout(60)
    void it_does_not_wait_for_a_thread_that_holds_the_lock_of_a_check() throws Exception {
        SlowJitter time = new SlowJitter();
        Workers workers = new Workers();
        try (var registry =
                HealthCheckRegistry.builder().internals(time, workers).build()) {
            registry.register("disk", check, o -> o.every(ofMinutes(1)));
            time.reached.await();

            assertThat(registry.latest().checks().get(0).reason()).isEqualTo("pending");
            assertThat(registry.latest("disk").orElseThrow().reason()).isEqualTo("pending");
            assertThat(registry.names()).containsExactly("disk");

            time.goOn.countDown();
            assertThat(registry.check("disk").orElseThrow().status()).isEqualTo(Status.UP);
        }
    }

    @Test // K1
    void nobody_is_told_of_it() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)));
        rig.advance(ZERO);
        rig.changes.clear();
        rig.time.stopTimer();
        rig.advance(ofMinutes(1));
        try (CapturedLog log = new CapturedLog()) {
            assertThat(rig.registry.latest().status()).isEqualTo(Status.DOWN);
            assertThat(new VirtualRegistry().registry.latest(Probe.READINESS).status())
                    .isEqualTo(Status.UP);

            rig.workers.runAll();
            assertThat(rig.changes).isEmpty();
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test // K2
    void a_scheduled_verdict_that_is_too_old_is_stale_at_once_without_a_mark() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)));
        rig.advance(ZERO);
        rig.time.stopTimer();

        rig.advance(ofMillis(30_799));
        assertThat(latest("disk").status()).isEqualTo(Status.UP);
        rig.advance(ofMillis(1));

        CheckReport stale = latest("disk");
        assertThat(stale.status()).isEqualTo(Status.DOWN);
        assertThat(stale.reason()).isEqualTo("stale");
        assertThat(stale.message()).isEqualTo("no run has ended for more than 30.8 s");
        assertThat(stale.since()).isEqualTo(FakeTime.START.plusMillis(30_800));
        assertThat(stale.checkedAt()).isEqualTo(FakeTime.START);
        assertThat(stale.ref()).isNull();
        assertThat(stale.isKnown()).isFalse();
        assertThat(stale.lasting()).isEqualTo(ZERO);
    }

    @Test // K2
    void a_stale_that_a_question_has_met_is_shown_with_its_mark() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)).timeout(ofSeconds(5)));
        rig.advance(ZERO);
        rig.time.pause(ofMinutes(1));
        assertThat(latest("disk").reason()).isEqualTo("stale");
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync();
        rig.advanceWhileHanging(ofSeconds(1));

        CheckReport told = answer.join().checks().get(0);
        assertThat(told.reason()).isEqualTo("stale");
        assertThat(told.ref()).isNotNull();
        assertThat(rig.registry.latest().checks()).singleElement().isSameAs(told);
    }

    @Test // K2
    void in_liveness_the_last_verdict_holds_as_a_pause_must_not_restart_the_process() {
        rig.registry.register(
                "heap", check, o -> o.probes(Probe.LIVENESS, Probe.READINESS).every(ofSeconds(10)));
        rig.advance(ZERO);
        rig.time.stopTimer();
        rig.advance(ofMinutes(5));

        assertThat(rig.registry.latest(Probe.LIVENESS).status()).isEqualTo(Status.UP);
        assertThat(rig.registry.latest(Probe.READINESS).status()).isEqualTo(Status.DOWN);
    }

    @Test // K3
    void a_verdict_on_demand_counts_for_two_minutes_and_is_pending_then() {
        rig.registry.register("db", check);
        rig.readiness();

        rig.advance(ofMillis(119_999));
        assertThat(rig.registry.latest(Probe.READINESS).status()).isEqualTo(Status.UP);
        rig.advance(ofMillis(1));
        assertThat(latest().reason()).isEqualTo("pending");
        rig.advance(ofMinutes(5));

        CheckReport pending = latest();
        assertThat(pending.status()).isEqualTo(Status.DOWN);
        assertThat(pending.message()).isEqualTo("not asked for 7 min");
        assertThat(pending.checkedAt()).isEqualTo(FakeTime.START);
        assertThat(pending.lastSuccess()).isEqualTo(FakeTime.START);
        assertThat(pending.since()).isEqualTo(FakeTime.START.plusSeconds(120));
        assertThat(pending.ref()).isNull();
        assertThat(pending.isKnown()).isFalse();
        assertThat(pending.age()).isEqualTo(ofMinutes(7));
        assertThat(pending.lasting()).isEqualTo(ofMinutes(5));
        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        assertThat(latest().status()).isEqualTo(Status.UP);
    }

    @Test // K3
    void a_verdict_on_demand_counts_for_three_times_the_gap_between_its_last_two_runs() {
        rig.registry.register("db", check);
        rig.readiness();
        rig.advance(ofMinutes(3));
        rig.readiness();

        rig.advance(ofMinutes(9).minusMillis(1));
        assertThat(latest().status()).isEqualTo(Status.UP);
        rig.advance(ofMillis(1));

        assertThat(latest().reason()).isEqualTo("pending");
    }

    @Test // K3
    void but_for_fifteen_minutes_at_most() {
        rig.registry.register("db", check);
        rig.readiness();
        rig.advance(Duration.ofDays(40_000));
        rig.readiness();

        rig.advance(ofMinutes(15).minusMillis(1));
        assertThat(latest().status()).isEqualTo(Status.UP);
        rig.advance(ofMillis(1));

        assertThat(latest().reason()).isEqualTo("pending");
    }

    @Test // K3
    void a_verdict_counts_as_long_as_it_answers_questions() {
        rig.registry.register("db", check, o -> o.cacheFor(ofMinutes(60)));
        rig.readiness();

        rig.advance(ofMinutes(60).minusMillis(1));
        assertThat(latest().status()).isEqualTo(Status.UP);
        rig.advance(ofMillis(1));

        assertThat(latest().reason()).isEqualTo("pending");
    }

    @Test // K4
    void a_check_of_which_nothing_is_known_is_pending_and_up_in_liveness() {
        rig.registry.register("heap", check, o -> o.probes(Probe.LIVENESS, Probe.READINESS));

        CheckReport pending = latest();
        assertThat(pending.status()).isEqualTo(Status.DOWN);
        assertThat(pending.reason()).isEqualTo("pending");
        assertThat(pending.message()).isEqualTo("no run has ended yet");
        assertThat(rig.registry.latest(Probe.LIVENESS).status()).isEqualTo(Status.UP);
        rig.ask(Probe.LIVENESS);
        rig.advance(ofMinutes(10));
        HealthReport live = rig.registry.latest(Probe.LIVENESS);
        assertThat(live.status()).isEqualTo(Status.UP);
        assertThat(live.checks().get(0).reason()).isEqualTo("pending");
    }

    @Test // K5
    void a_check_with_an_overdue_run_is_stuck_and_its_stack_is_there_for_those_who_ask_for_it() {
        Hang hang = new Hang();
        try (var registry = HealthCheckRegistry.builder()
                .defaults(o -> o.timeout(ofMillis(200)).interruptOnTimeout(false))
                .build()) {
            registry.register("db", hang);
            await().until(() ->
                    "stuck".equals(registry.check("db").orElseThrow().reason()));

            CheckReport stuck = registry.latest("db").orElseThrow();

            assertThat(stuck.reason()).isEqualTo("stuck");
            assertThat(stuck.runningFor()).isGreaterThanOrEqualTo(ofMillis(200));
            assertThat(stuck.stuckStack())
                    .anySatisfy(frame -> assertThat(frame.getClassName()).isEqualTo(Hang.class.getName()));
            hang.release();
        }
    }

    @Test // K5
    void an_overdue_run_goes_before_a_good_verdict_although_the_timer_has_not_seen_it() {
        rig.registry.register("db", check, o -> o.failureThreshold(1));
        rig.readiness();
        rig.advance(ofSeconds(10));
        rig.begin();
        rig.time.stopTimer();
        rig.time.pass(ofMillis(799));
        assertThat(latest().status()).isEqualTo(Status.UP);
        rig.time.pass(ofMillis(1));

        CheckReport overdue = latest();

        assertThat(overdue.status()).isEqualTo(Status.DOWN);
        assertThat(overdue.reason()).isEqualTo("timeout");
        assertThat(overdue.ref()).as("a mark that is not in the log").isNull();
        assertThat(rig.changes).hasSize(1);
    }

    @Test // K5
    void a_threshold_damps_that_as_well() {
        rig.registry.register("db", check, o -> o.failureThreshold(2));
        rig.readiness();
        rig.advance(ofSeconds(10));
        rig.begin();
        rig.time.stopTimer();
        rig.time.pass(ofSeconds(1));

        CheckReport overdue = latest();

        assertThat(overdue.status()).isEqualTo(Status.UP);
        assertThat(overdue.reason()).isEqualTo("timeout");
        assertThat(overdue.consecutiveFailures()).isEqualTo(1);
    }

    @Test // K5
    void what_came_back_too_late_counts_from_then_on() {
        Registration registration = rig.registry.register("db", check);
        rig.begin();
        rig.advanceWhileHanging(ofMinutes(30));
        assertThat(latest().reason()).isEqualTo("stuck");
        assertThat(latest().runningFor()).isEqualTo(ofMinutes(30));

        rig.workers.runAll();
        assertThat(latest().reason()).isEqualTo("timeout");
        rig.advance(ofSeconds(119));
        assertThat(latest().reason()).isEqualTo("timeout");
        rig.advance(ofSeconds(1));
        assertThat(latest().reason()).isEqualTo("pending");
        registration.close();
    }

    @Test // K6
    void the_report_has_the_same_reasons_as_that_of_a_question() {
        Switchable migrations = new Switchable();
        migrations.answer = CheckResult.down("pending");
        rig.registry.register("migrations", migrations, o -> o.probes(Probe.STARTUP));
        rig.readiness();

        assertReasons("starting");
        migrations.answer = CheckResult.up();
        rig.advance(ofSeconds(1));
        assertReasons("starting");
        rig.readiness();
        assertReasons(null);
        rig.registry.drain();
        assertReasons("draining");
        rig.registry.close();
        assertReasons("closed");
    }

    private void assertReasons(String reason) {
        assertThat(rig.registry.latest(Probe.READINESS).reason()).isEqualTo(reason);
        assertThat(rig.registry.latest().reason()).isEqualTo(reason);
        assertThat(rig.registry.latest(Probe.LIVENESS).reason()).isNull();
        assertThat(rig.registry.latest(Probe.STARTUP).reason()).isNull();
    }

    @Test // K6
    void a_startup_check_that_has_passed_shows_what_it_passed_with() {
        rig.registry.register("migrations", check, o -> o.probes(Probe.STARTUP, Probe.READINESS));
        CheckReport passed = rig.ask(Probe.STARTUP).checks().get(0);
        check.answer = CheckResult.down("no");
        rig.advance(ofMinutes(20));
        rig.readiness();
        rig.advance(ofMinutes(20));

        assertThat(rig.registry.latest(Probe.STARTUP).checks()).singleElement().isSameAs(passed);
        assertThat(rig.registry.latest(Probe.READINESS).status()).isEqualTo(Status.DOWN);
    }

    @Test // K7
    void after_close_it_says_what_was_last_known_for_good() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)));
        rig.registry.register("db", check);
        rig.registry.register("new", check, o -> o.probes(Probe.LIVENESS));
        HealthReport last = rig.readiness();

        rig.registry.close();
        rig.time.pass(ofMinutes(60));

        HealthReport closed = rig.registry.latest(Probe.READINESS);
        assertThat(closed.reason()).isEqualTo("closed");
        assertThat(closed.checks()).isEqualTo(last.checks());
        assertThat(rig.registry.latest("new").orElseThrow().message()).isEqualTo("no run has ended yet");
        assertThat(rig.registry.names()).containsExactly("disk", "db", "new");
    }

    @Test // K8
    void names_are_those_of_the_registered_checks_in_the_order_of_registration() {
        rig.registry.register("zebra", check);
        Registration ant = rig.registry.register("ant", check);
        rig.registry.register("bee", check);
        assertThat(rig.registry.names()).containsExactly("zebra", "ant", "bee").isUnmodifiable();

        ant.close();

        assertThat(rig.registry.names()).containsExactly("zebra", "bee");
    }

    @Test // K1
    void it_is_no_report_that_a_balancer_has_seen() throws Exception {
        rig.registry.drain();
        rig.registry.latest(Probe.READINESS);
        rig.registry.latest();

        assertThat(rig.registry.awaitDrainSeen(1, ZERO, ZERO)).isFalse();
    }

    private CheckReport latest() {
        HealthReport report = rig.registry.latest(Probe.READINESS);
        return report.checks().get(0);
    }

    private CheckReport latest(String name) {
        return rig.registry.latest(name).orElseThrow();
    }

    /** Holds the lock of a check while it is asked for the time of its next run. */
    private static final class SlowJitter implements Timer {
        private final Timer timer = new SystemTimer();
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public long jittered(long length) {
            reached.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return length;
        }

        @Override
        public long nanos() {
            return timer.nanos();
        }

        @Override
        public Alarm alarm(Runnable task) {
            return timer.alarm(task);
        }

        @Override
        public void retry() {
            timer.retry();
        }

        @Override
        public void close() {
            timer.close();
        }
    }
}
