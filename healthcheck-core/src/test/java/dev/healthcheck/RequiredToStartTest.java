package dev.healthcheck;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.VirtualRegistry.Switchable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** R9e, R9f and R9g: a check that is required until it has been well once, and optional ever after. */
class RequiredToStartTest {
    private static final CheckResult GONE = CheckResult.down("gone").withReason("unreachable");

    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable db = new Switchable();

    @Test // R9e
    void an_instance_that_has_never_reached_its_database_is_down() {
        register(o -> o);
        db.answer = GONE;

        assertThat(rig.readiness().status()).isEqualTo(Status.DOWN);
        rig.advance(ofHours(1));
        assertThat(rig.readiness().status()).isEqualTo(Status.DOWN);
        assertThat(rig.registry.latest(Probe.READINESS).status()).isEqualTo(Status.DOWN);
    }

    @Test // R9e
    void an_instance_that_has_reached_its_database_once_is_only_degraded_by_every_later_outage() {
        register(o -> o);
        rig.readiness();

        for (int outage = 0; outage < 3; outage++) {
            assertThat(next(GONE).status()).isEqualTo(Status.DEGRADED);
            assertThat(next(CheckResult.up()).status()).isEqualTo(Status.UP);
        }
    }

    @Test // R9e
    void a_degraded_result_is_enough() {
        register(o -> o);
        db.answer = CheckResult.degraded("slow");
        rig.readiness();

        assertThat(next(GONE).status()).isEqualTo(Status.DEGRADED);
    }

    @Test // R9e
    void a_first_result_that_is_damped_counts_when_the_threshold_is_reached() {
        register(o -> o.successThreshold(3));
        db.answer = GONE;
        rig.readiness();

        assertThat(required(next(CheckResult.up()))).isTrue();
        assertThat(next(GONE).status()).isEqualTo(Status.DOWN);
        assertThat(required(next(CheckResult.up()))).isTrue();
        HealthReport recovering = next(CheckResult.up());
        assertThat(recovering.status()).isEqualTo(Status.DOWN);
        assertThat(recovering.checks().get(0).reason()).isEqualTo("recovering");
        assertThat(required(next(CheckResult.up()))).isFalse();
    }

    @Test // R9e
    void no_failure_threshold_lets_a_check_start_that_has_never_been_well() {
        register(o -> o.failureThreshold(5));
        db.answer = GONE;

        assertThat(rig.readiness().status()).isEqualTo(Status.DOWN);
        assertThat(required(rig.readiness())).isTrue();
    }

    @Test // R9e
    void a_check_that_is_registered_anew_is_required_again() {
        Registration first = register(o -> o);
        rig.readiness();
        db.answer = GONE;
        first.close();

        register(o -> o);

        assertThat(rig.registry.latest("db").orElseThrow().required()).isTrue();
        assertThat(rig.readiness().status()).isEqualTo(Status.DOWN);
    }

    @Test // R9e
    void a_run_that_hangs_from_the_start_keeps_the_check_required_even_when_it_comes_back_late() {
        register(o -> o);
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        rig.advanceWhileHanging(ofMillis(800));
        assertThat(answer.join().status()).isEqualTo(Status.DOWN);
        CheckReport stuck = rig.checkWhileHanging("db");
        assertThat(stuck.reason()).isEqualTo("stuck");
        assertThat(stuck.required()).isTrue();
        assertThat(rig.registry.latest("db").orElseThrow().required()).isTrue();

        rig.workers.runAll(); // UP, too late
        assertThat(rig.registry.latest("db").orElseThrow().required()).isTrue();

        assertThat(required(next(CheckResult.up()))).isFalse();
    }

    @Test // R9f
    void the_report_with_the_first_verdict_that_is_not_down_is_the_first_to_say_optional_and_earlier_ones_stay() {
        register(o -> o);
        assertThat(rig.registry.latest("db").orElseThrow().required()).isTrue();
        db.answer = GONE;
        CheckReport down = check(rig.readiness());
        CheckReport up = check(next(CheckResult.up()));

        assertThat(down.required()).isTrue();
        assertThat(up.required()).isFalse();
        assertThat(rig.registry.latest("db")).containsSame(up);
        assertThat(check(next(GONE)).required()).isFalse();
        assertThat(List.of(down, up)).allMatch(CheckReport::requiredToStart);
    }

    @Test // R9f
    void listeners_are_told_what_each_report_says() {
        List<String> told = new ArrayList<>();
        rig.registry.addListener(new HealthListener() {
            @Override
            public void onChange(StatusChange change) {}

            @Override
            public void onRun(CheckReport report) {
                told.add(report + (report.required() ? " required" : " optional"));
            }
        });
        register(o -> o);
        db.answer = GONE;
        rig.readiness();
        next(CheckResult.up());
        next(GONE);

        assertThat(told)
                .containsExactly("db DOWN (unreachable) required", "db UP optional", "db DOWN (unreachable) optional");
    }

    @Test // R9f
    void the_whole_of_a_probe_changes_once_for_each_cause() {
        EventRecorder recorder = new EventRecorder();
        rig.registry.addListener(recorder);
        register(o -> o.probes(Probe.STARTUP, Probe.READINESS));
        db.answer = GONE;
        rig.readiness();
        next(CheckResult.up());
        next(GONE);
        next(CheckResult.up());

        assertThat(recorder.probe(Probe.STARTUP)).containsExactly("null, DOWN, null", "DOWN, UP, null");
        assertThat(recorder.probe(Probe.READINESS))
                .containsExactly("null, DOWN, starting", "DOWN, UP, null", "UP, DEGRADED, null", "DEGRADED, UP, null");
        assertThat(recorder.probe(null)).isEqualTo(recorder.probe(Probe.READINESS));
    }

    @Test // R9f
    void what_is_pending_or_stale_is_required_as_the_last_verdict_was() {
        register(o -> o.every(ofSeconds(10)));
        CompletableFuture<HealthReport> first = rig.registry.checkAsync(Probe.READINESS);
        rig.advanceWithoutThreads(ofMillis(100));
        assertThat(check(rig.registry.latest(Probe.READINESS)).reason()).isEqualTo("pending");
        assertThat(rig.registry.latest(Probe.READINESS).status()).isEqualTo(Status.DOWN);
        rig.workers.runAll();
        assertThat(required(first.join())).isFalse();

        rig.time.pause(ofSeconds(60));

        HealthReport stale = rig.registry.latest(Probe.READINESS);
        assertThat(check(stale).reason()).isEqualTo("stale");
        assertThat(stale.status()).isEqualTo(Status.DEGRADED);
        rig.advance(ofSeconds(1));

        register("on-demand", o -> o);
        rig.readiness();
        rig.advance(ofMinutes(10));
        CheckReport forgotten = rig.registry.latest("on-demand").orElseThrow();
        assertThat(forgotten.reason()).isEqualTo("pending");
        assertThat(forgotten.required()).isFalse();
    }

    @Test // R9f
    void a_stale_verdict_of_a_check_that_has_never_been_well_is_required() {
        db.answer = GONE;
        register(o -> o.every(ofSeconds(2)));
        rig.advance(ofMillis(1));

        rig.time.pause(ofSeconds(60));

        HealthReport stale = rig.registry.latest(Probe.READINESS);
        assertThat(check(stale).reason()).isEqualTo("stale");
        assertThat(stale.status()).isEqualTo(Status.DOWN);
    }

    @Test // R9f
    void a_run_that_hangs_later_only_degrades() {
        register(o -> o);
        rig.readiness();
        rig.advance(ofSeconds(2));

        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        rig.advanceWhileHanging(ofMillis(800));

        assertThat(answer.join().status()).isEqualTo(Status.DEGRADED);
        rig.advanceWhileHanging(ofSeconds(70));
        assertThat(rig.registry.latest(Probe.READINESS).status()).isEqualTo(Status.DEGRADED);
    }

    @Test // R9f
    void draining_and_closing_change_nothing_of_it() {
        register(o -> o);
        register("never", o -> o);
        db.answer = CheckResult.up();
        assertThat(rig.check("db").required()).isFalse();

        rig.registry.drain();
        assertThat(rig.registry.latest("db").orElseThrow().required()).isFalse();
        rig.registry.close();

        assertThat(rig.registry.latest("db").orElseThrow().required()).isFalse();
        assertThat(rig.registry.latest("never").orElseThrow().required()).isTrue();
    }

    @Test // R9g
    void a_degraded_deposit_is_no_evidence_so_the_check_stays_required() {
        register(o -> o);
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        rig.workers.beginNewest().ifMissed(CheckResult.degraded("no connection").withReason("pool-exhausted"));
        rig.advanceWhileHanging(ofMillis(800));
        assertThat(answer.join().status()).isEqualTo(Status.DEGRADED);
        assertThat(required(answer.join())).isTrue();

        rig.workers.runAll();
        assertThat(next(GONE).status()).isEqualTo(Status.DOWN);
    }

    @Test // R12a, R12d
    void with_startup_too_the_instance_starts_until_the_verdict_that_makes_the_check_optional() {
        register(o -> o.probes(Probe.STARTUP, Probe.READINESS));
        db.answer = GONE;
        assertThat(rig.readiness().reason()).isEqualTo("starting");
        assertThat(rig.ask(Probe.STARTUP).status()).isEqualTo(Status.DOWN);

        HealthReport up = next(CheckResult.up());

        assertThat(up.status()).isEqualTo(Status.UP);
        assertThat(required(rig.ask(Probe.STARTUP))).isFalse();
        assertThat(next(GONE).status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.ask(Probe.STARTUP).status()).isEqualTo(Status.UP);
    }

    private Registration register(UnaryOperator<CheckOptions> more) {
        return register("db", more);
    }

    private Registration register(String name, UnaryOperator<CheckOptions> more) {
        return rig.registry.register(name, db, o -> more.apply(o.requiredToStart()));
    }

    private HealthReport next(CheckResult answer) {
        db.answer = answer;
        rig.advance(ofSeconds(1));
        return rig.readiness();
    }

    private static CheckReport check(HealthReport report) {
        return report.checks().get(0);
    }

    private static boolean required(HealthReport report) {
        return check(report).required();
    }
}
