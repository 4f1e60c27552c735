package dev.healthcheck;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** C21 to C25: an application waits for its own checks. */
class AwaitUpTest {
    private static final Duration LONG = ofHours(1);

    private final HealthCheckRegistry health = Patience.builder().build();
    private final Switchable db = new Switchable();
    private final Hang hang = new Hang();

    @AfterEach
    void close() {
        hang.release();
        health.close();
    }

    @Test // C21
    void what_has_not_run_is_run_and_what_is_well_is_enough() throws Exception {
        health.register("db", db);
        health.register("cache", () -> CheckResult.degraded("slow"));
        health.register("mail", () -> CheckResult.down("gone"), CheckOptions::optional);

        assertThat(health.awaitUp(Probe.READINESS, LONG)).isTrue();
        assertThat(db.runs).hasValue(1);
        assertThat(health.awaitUp(Probe.READINESS, ZERO)).isTrue();
    }

    @Test // C21
    void a_registry_without_checks_is_up() throws Exception {
        assertThat(health.awaitUp(Probe.STARTUP, ZERO)).isTrue();
    }

    @Test // C21
    void startup_checks_are_waited_for_as_well() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        health.register(
                "migrations",
                () -> runs.incrementAndGet() < 3 ? CheckResult.down("pending") : CheckResult.up(),
                o -> o.probes(Probe.STARTUP).cacheFor(ZERO));

        assertThat(health.awaitUp(Probe.READINESS, LONG)).isTrue();
        assertThat(runs).hasValue(3);
    }

    @Test // C21
    void a_dependency_that_comes_later_is_asked_again_but_not_more_often_than_every_100_ms() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        health.register(
                "db",
                () -> runs.incrementAndGet() < 5 ? CheckResult.down("connection refused") : CheckResult.up(),
                o -> o.requiredToStart().cacheFor(ZERO));
        long begin = System.nanoTime();

        assertThat(health.awaitUp(Probe.READINESS, LONG)).isTrue();

        assertThat(runs).hasValue(5);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(ofMillis(400));
    }

    @Test // C22
    void a_verdict_that_is_fresh_is_waited_for_and_not_run_again() throws Exception {
        db.answer = CheckResult.down("connection refused");
        health.register("db", db, o -> o.cacheFor(LONG));
        assertThat(health.check(Probe.READINESS).status()).isEqualTo(Status.DOWN);

        assertThat(health.awaitUp(Probe.READINESS, ofMillis(350))).isFalse();

        assertThat(db.runs).hasValue(1);
    }

    @Test // C23
    void it_ends_in_time_though_a_run_hangs() throws Exception {
        health.register("db", hang); // an answer would take 30 s

        boolean up = Patience.assertAnsweredWithin(ofSeconds(1), () -> health.awaitUp(Probe.READINESS, ofMillis(200)));

        assertThat(up).isFalse();
        assertThat(health.awaitUp(Probe.READINESS, ZERO)).isFalse();
    }

    @Test // C23
    void a_drain_ends_it_at_once_though_a_run_hangs() throws Exception {
        health.register("db", hang);
        FutureTask<Boolean> waiting = waiting(Probe.READINESS);
        hang.awaitBegun();

        health.drain();

        assertThat(Patience.assertAnsweredWithin(ofSeconds(1), () -> answer(waiting)))
                .isFalse();
    }

    @Test // C23
    void close_ends_it_at_once_and_between_two_questions_too() throws Exception {
        db.answer = CheckResult.down("gone");
        health.register("db", db, o -> o.probes(Probe.LIVENESS).cacheFor(LONG));
        FutureTask<Boolean> waiting = waiting(Probe.LIVENESS);
        await().until(() -> db.runs.get() == 1);

        health.close();

        assertThat(answer(waiting)).isFalse();
    }

    @Test // C23
    void once_draining_or_closed_nothing_is_asked_any_more() throws Exception {
        health.register("db", db);
        health.register("heap", db, o -> o.probes(Probe.LIVENESS));
        health.drain();
        assertThat(health.awaitUp(Probe.READINESS, LONG)).isFalse();
        assertThat(health.awaitUp(Probe.LIVENESS, LONG)).isFalse();
        health.close();
        assertThat(health.awaitUp(Probe.LIVENESS, LONG)).isFalse();
        assertThat(db.runs).hasValue(0);
    }

    @Test // C24
    void an_interrupt_ends_it() throws Exception {
        health.register("db", hang);
        CompletableFuture<Thread> caller = new CompletableFuture<>();
        FutureTask<Boolean> waiting = new FutureTask<>(() -> {
            caller.complete(Thread.currentThread());
            return health.awaitUp(Probe.READINESS, LONG);
        });
        new Thread(waiting, "starts").start();
        hang.awaitBegun();

        caller.join().interrupt();

        assertThatThrownBy(() -> answer(waiting))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
    }

    @Test // C24
    @SuppressWarnings("NullAway") // on purpose
    void what_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> health.awaitUp(Probe.READINESS, ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("atMost: PT-0.001S (expected: >= 0)");
        assertThatThrownBy(() -> health.awaitUp(Probe.READINESS, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("atMost: null (expected: >= 0)");
        assertThatThrownBy(() -> health.awaitUp(null, ZERO)).isInstanceOf(NullPointerException.class);
    }

    @Test // C25
    void nobody_outside_has_asked() throws Exception {
        health.register("db", db);
        assertThat(health.awaitUp(Probe.READINESS, LONG)).isTrue();
        assertThat(health.lastAsked(Probe.READINESS)).isEmpty();

        assertThat(health.check(Probe.READINESS).status()).isEqualTo(Status.UP);
        assertThat(health.lastAsked(Probe.READINESS)).isPresent();
    }

    private FutureTask<Boolean> waiting(Probe probe) {
        FutureTask<Boolean> waiting = new FutureTask<>(() -> health.awaitUp(probe, LONG));
        new Thread(waiting, "starts").start();
        return waiting;
    }

    private static boolean answer(FutureTask<Boolean> waiting) throws Exception {
        return waiting.get(60, TimeUnit.SECONDS);
    }
}
