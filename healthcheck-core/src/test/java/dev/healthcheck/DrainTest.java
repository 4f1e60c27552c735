package dev.healthcheck;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R13: draining is a state, and how to wait until others may have noticed it. */
class DrainTest {
    private final VirtualRegistry rig = new VirtualRegistry();
    private final HealthCheckRegistry real = HealthCheckRegistry.create();

    @AfterEach
    void close() {
        real.close();
    }

    @Test // R13a, R13b
    void readiness_and_the_overall_report_are_draining_for_good_and_liveness_and_checks_go_on() {
        Switchable check = new Switchable();
        rig.registry.register("db", check);
        rig.registry.register("alive", check, o -> o.probes(Probe.LIVENESS));

        rig.registry.drain();
        rig.registry.drain();

        for (int i = 0; i < 3; i++) {
            HealthReport report = rig.readiness();
            assertThat(report.status()).isEqualTo(Status.DOWN);
            assertThat(report.reason()).isEqualTo("draining");
            assertThat(report.checks().get(0).status()).isEqualTo(Status.UP);
            assertThat(rig.ask(Probe.LIVENESS).status()).isEqualTo(Status.UP);
            assertThat(rig.ask(Probe.LIVENESS).reason()).isNull();
            rig.advance(ofSeconds(2));
        }
        assertThat(check.runs).hasValue(6);
        CompletableFuture<HealthReport> overall = rig.registry.checkAsync();
        rig.workers.runAll();
        assertThat(overall.join().reason()).isEqualTo("draining");
    }

    @Test // O5
    void closed_goes_before_draining_and_draining_before_starting() {
        real.register("migrations", () -> CheckResult.down("pending"), o -> o.probes(Probe.STARTUP));
        assertThat(real.check().reason()).isEqualTo("starting");

        real.drain();
        assertThat(real.check().reason()).isEqualTo("draining");
        real.close();
        assertThat(real.check().reason()).isEqualTo("closed");
    }

    @Test // R13a
    void a_question_under_way_when_draining_begins_is_answered_with_draining() {
        rig.registry.register("db", new Switchable());
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);

        rig.registry.drain();
        rig.workers.runAll();

        assertThat(answer.join().reason()).isEqualTo("draining");
    }

    @Test // R13c
    void one_report_is_counted_each_second() throws Exception {
        rig.registry.drain();
        for (int i = 0; i < 100; i++) {
            rig.readiness();
        }
        assertThat(rig.registry.awaitDrainSeen(1, ZERO, ZERO)).isTrue();
        assertThat(rig.registry.awaitDrainSeen(2, ZERO, ZERO)).isFalse();

        rig.advance(ofMillis(999));
        rig.readiness();
        assertThat(rig.registry.awaitDrainSeen(2, ZERO, ZERO)).isFalse();
        rig.advance(ofMillis(1));
        rig.readiness();
        assertThat(rig.registry.awaitDrainSeen(2, ZERO, ZERO)).isTrue();
    }

    @Test // R13c
    void liveness_and_what_was_said_before_do_not_count() throws Exception {
        rig.readiness();
        rig.registry.drain();
        rig.ask(Probe.LIVENESS);
        rig.ask(Probe.STARTUP);
        assertThat(rig.registry.awaitDrainSeen(0, ZERO, ZERO)).isTrue();
        assertThat(rig.registry.awaitDrainSeen(1, ZERO, ZERO)).isFalse();
    }

    @Test // R13c
    void there_is_no_wait_where_enough_have_asked_and_no_least_is_said() throws Exception {
        rig.registry.drain();
        rig.readiness();

        assertThat(rig.registry.awaitDrainSeen(1, ZERO, ofSeconds(60))).isTrue();
    }

    @Test // R13d
    void the_wait_ends_at_its_most_when_the_report_that_is_missing_does_not_come() throws Exception {
        real.check();
        real.drain();
        long begin = System.nanoTime();

        assertThat(real.awaitDrainSeen(1, ZERO, ofMillis(200))).isFalse();

        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(took).isGreaterThanOrEqualTo(ofMillis(200));
        Patience.assertAnsweredWithin(ofSeconds(1), took);
    }

    @Test // R13c
    void the_wait_does_not_end_before_its_least_although_enough_have_asked() throws Exception {
        real.drain();
        real.check(Probe.READINESS);
        long begin = System.nanoTime();

        assertThat(real.awaitDrainSeen(1, ofMillis(200), ofSeconds(30))).isTrue();

        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(took).isGreaterThanOrEqualTo(ofMillis(200));
        Patience.assertAnsweredWithin(ofSeconds(1), took);
    }

    @Test // R13c
    void the_wait_ends_with_the_report_that_was_missing() {
        real.check();
        real.drain();
        CountDownLatch waiting = new CountDownLatch(1);
        CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> {
            waiting.countDown();
            try {
                return real.awaitDrainSeen(1, ZERO, ofSeconds(60));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        await().until(() -> waiting.getCount() == 0);
        assertThat(drained).isNotDone();

        real.check();

        assertThat(drained).succeedsWithin(ofSeconds(10));
        assertThat(drained.join()).isTrue();
    }

    @Test // R13e
    void the_wait_can_be_interrupted() throws Exception {
        real.check();
        real.drain();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            try {
                real.awaitDrainSeen(1, ZERO, ofSeconds(60));
            } catch (InterruptedException e) {
                thrown.set(e);
            }
        });
        waiting.start();

        waiting.interrupt();
        waiting.join(10_000);

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test // R13d
    void closing_ends_the_wait() throws Exception {
        real.drain();
        CompletableFuture<Boolean> drained = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                drained.complete(real.awaitDrainSeen(0, ofSeconds(60), ofSeconds(120)));
            } catch (Throwable t) {
                drained.completeExceptionally(t);
            }
        });
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);

        real.close();

        assertThat(drained).succeedsWithin(ofSeconds(10));
        assertThat(drained.join()).isFalse();
    }

    @Test // R13g
    void the_wait_ends_after_its_least_if_nobody_asks() throws Exception {
        real.drain();
        long begin = System.nanoTime();

        assertThat(real.awaitDrainSeen(1, ofMillis(200), ofSeconds(60))).isFalse();

        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(took).isGreaterThanOrEqualTo(ofMillis(200));
        Patience.assertAnsweredWithin(ofSeconds(1), took);
    }

    @Test // R13g
    void nobody_asks_once_the_last_question_is_a_minute_old() {
        rig.readiness();
        rig.registry.drain();

        rig.advance(ofMillis(59_999));
        assertThat(waitsForAReport()).isTrue();
        rig.advance(ofMillis(1));
        assertThat(waitsForAReport()).isFalse();
    }

    @Test // R13g
    void one_who_asks_more_seldom_is_waited_for_until_two_of_three_questions_are_missing() {
        rig.readiness();
        rig.advance(ofMinutes(2));
        rig.readiness();
        rig.registry.drain();

        rig.advance(ofMinutes(6).minusMillis(1));
        assertThat(waitsForAReport()).isTrue();
        rig.advance(ofMillis(1));
        assertThat(waitsForAReport()).isFalse();
    }

    @Test // R13g
    void but_for_fifteen_minutes_at_most_and_by_elapsed_time() {
        rig.readiness();
        rig.advance(Duration.ofDays(40_000));
        rig.readiness();
        rig.registry.drain();
        rig.time.setDate(FakeTime.START);

        rig.advance(ofMinutes(15).minusMillis(1));
        assertThat(waitsForAReport()).isTrue();
        rig.advance(ofMillis(1));
        assertThat(waitsForAReport()).isFalse();
    }

    @Test // R13g, R13h
    void questions_for_other_probes_or_single_checks_and_reading_do_not_ask_for_readiness() {
        rig.registry.register("db", new Switchable());
        rig.ask(Probe.LIVENESS);
        rig.ask(Probe.STARTUP);
        rig.check("db");
        assertThat(rig.registry.check(List.of("db"))).hasSize(1);
        assertThat(rig.registry.latest(Probe.READINESS).checks()).hasSize(1);
        assertThat(rig.registry.latest().checks()).hasSize(1);
        rig.registry.asked(Probe.LIVENESS);
        rig.registry.drain();

        assertThat(rig.registry.lastAsked(Probe.READINESS)).isEmpty();
        assertThat(waitsForAReport()).isFalse();

        rig.ask(null);
        rig.advance(ofSeconds(1));
        assertThat(rig.registry.lastAsked(Probe.READINESS)).contains(FakeTime.START);
    }

    @Test // R13h
    void the_registry_tells_when_somebody_last_got_an_answer() {
        rig.registry.register("db", new Switchable());
        for (Probe probe : Probe.values()) {
            assertThat(rig.registry.lastAsked(probe)).isEmpty();
        }
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        rig.time.advance(ofMillis(500));
        assertThat(rig.registry.lastAsked(Probe.READINESS)).isEmpty();
        rig.workers.runAll();
        assertThat(answer).isCompleted();

        rig.advance(ofSeconds(10));
        rig.ask(Probe.LIVENESS);

        assertThat(rig.registry.lastAsked(Probe.READINESS)).contains(FakeTime.START.plusMillis(500));
        assertThat(rig.registry.lastAsked(Probe.LIVENESS)).contains(FakeTime.START.plusMillis(10_500));
        assertThat(rig.registry.lastAsked(Probe.STARTUP)).isEmpty();
    }

    @Test // R13i
    void an_answer_of_another_face_counts_as_one_of_the_registry() throws Exception {
        rig.registry.asked(Probe.READINESS);
        assertThat(rig.registry.lastAsked(Probe.READINESS)).contains(FakeTime.START);
        rig.registry.drain();
        assertThat(waitsForAReport()).isTrue();

        rig.registry.asked(Probe.LIVENESS);
        rig.registry.asked(Probe.STARTUP);
        assertThat(rig.registry.awaitDrainSeen(1, ZERO, ZERO)).isFalse();
        rig.registry.asked(Probe.READINESS);
        rig.registry.asked(Probe.READINESS);

        assertThat(rig.registry.awaitDrainSeen(1, ZERO, ZERO)).isTrue();
        assertThat(rig.registry.awaitDrainSeen(2, ZERO, ZERO)).isFalse();
    }

    /** Whether the wait goes on for one more report: found out on a thread that is interrupted as soon as it waits. */
    private boolean waitsForAReport() {
        Thread.currentThread().interrupt();
        try {
            assertThat(rig.registry.awaitDrainSeen(1, ZERO, ofMinutes(60))).isFalse();
            return false;
        } catch (InterruptedException e) {
            return true;
        } finally {
            Thread.interrupted();
        }
    }

    @Test // R13f
    void after_closing_there_is_nothing_to_wait_for_draining_or_not() {
        real.close();
        rig.registry.drain();
        rig.readiness();
        rig.registry.close();

        for (HealthCheckRegistry closed : List.of(real, rig.registry)) {
            assertThatThrownBy(() -> closed.awaitDrainSeen(1, ZERO, ofSeconds(60)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("registry: closed (expected: draining)");
        }
    }

    @Test // R13f
    void bad_arguments_are_refused() {
        assertThatThrownBy(() -> real.awaitDrainSeen(1, ZERO, ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("registry: not draining (expected: drain() before)");
        real.drain();
        assertThatThrownBy(() -> real.awaitDrainSeen(-1, ZERO, ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("reports: -1 (expected: >= 0)");
        assertThatThrownBy(() -> real.awaitDrainSeen(1, ofSeconds(-1), ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("atLeast: PT-1S (expected: >= 0)");
        assertThatThrownBy(() -> real.awaitDrainSeen(1, ofSeconds(2), ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("atMost: PT1S (expected: >= PT2S)");
    }
}
