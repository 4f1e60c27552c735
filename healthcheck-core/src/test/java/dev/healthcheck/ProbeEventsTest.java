package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.healthcheck.VirtualRegistry.Switchable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** E9 to E12: the whole of a probe changes once for each cause, whatever the cause is. */
class ProbeEventsTest {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("dev.healthcheck");

    private final VirtualRegistry rig = new VirtualRegistry();
    private final EventRecorder recorder = new EventRecorder();
    private final Map<String, Switchable> checks = new HashMap<>();

    ProbeEventsTest() {
        rig.registry.addListener(recorder);
    }

    @AfterEach
    void restoreLog() {
        LOGGER.setLevel(null);
    }

    @Test // E9
    void ten_thousand_checks_that_go_down_at_once_are_one_change_of_readiness_and_none_is_lost() {
        LOGGER.setLevel(Level.OFF);
        for (int i = 0; i < 10_000; i++) {
            register("check-" + i);
        }
        rig.readiness();

        checks.values().forEach(check -> check.answer = CheckResult.down("gone"));
        rig.advance(ofSeconds(2));
        rig.readiness();

        assertThat(recorder.probe(Probe.READINESS)).containsExactly("null, UP, null", "UP, DOWN, null");
        assertThat(recorder.probe(null)).containsExactly("null, UP, null", "UP, DOWN, null");
        assertThat(recorder.probes).hasSize(4);
        assertThat(recorder.because()).hasSize(1);
        assertThat(recorder.told("change of")).hasSize(20_000);
    }

    @Test // E9
    void required_and_optional_checks_count_as_in_a_report() {
        register("db");
        register("cache", CheckOptions::optional);
        rig.readiness();

        set("cache", CheckResult.down("gone"));
        assertThat(recorder.because()).containsExactly("cache");
        set("db", CheckResult.degraded("slow"));
        set("db", CheckResult.down("gone"));
        assertThat(recorder.because()).containsExactly("db");
        set("cache", CheckResult.up());
        set("db", CheckResult.up());

        assertThat(recorder.probe(Probe.READINESS))
                .containsExactly("null, UP, null", "UP, DEGRADED, null", "DEGRADED, DOWN, null", "DOWN, UP, null");
        assertThat(recorder.probe(null)).isEqualTo(recorder.probe(Probe.READINESS));
        assertThat(recorder.because()).isEmpty();
        assertThat(recorder.probes).last().extracting(ProbeChange::at).isEqualTo(rig.time.instant());
    }

    @Test // E8, E9
    void a_probe_is_told_of_right_after_the_change_that_is_its_cause() {
        List<String> order = new ArrayList<>();
        rig.registry.addListener(new HealthListener() {
            @Override
            public void onChange(StatusChange change) {
                order.add(change.check() + " is " + change.to());
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void onProbe(ProbeChange change) {
                order.add(change.probe() + " is " + change.to());
                throw new IllegalStateException("on purpose");
            }
        });
        register("db");
        register("cache");
        rig.readiness();
        order.clear();

        checks.values().forEach(check -> check.answer = CheckResult.down("gone"));
        rig.advance(ofSeconds(2));
        rig.readiness();

        assertThat(order).containsExactly("db is DOWN", "READINESS is DOWN", "null is DOWN", "cache is DOWN");
    }

    @Test // E9
    void draining_and_closing_are_told_once_and_leave_liveness_alone() {
        register("db");
        register("alive", o -> o.probes(Probe.LIVENESS));
        rig.ask(null);
        recorder.told.clear();

        rig.registry.drain();
        rig.registry.drain();
        rig.workers.runAll();
        assertThat(recorder.told).isEmpty();
        rig.registry.close();
        rig.registry.close();
        rig.workers.runAll();

        assertThat(recorder.probe(Probe.READINESS))
                .containsExactly("null, UP, null", "UP, DOWN, draining", "DOWN, DOWN, closed");
        assertThat(recorder.probe(null)).isEqualTo(recorder.probe(Probe.READINESS));
        assertThat(recorder.probe(Probe.LIVENESS)).containsExactly("null, UP, null");
        assertThat(recorder.because()).isEmpty();
    }

    @Test // E9
    void readiness_is_starting_from_the_registration_of_a_startup_check_until_it_passes() {
        register("db");
        rig.readiness();

        Switchable migrations = register("migrations", o -> o.probes(Probe.STARTUP));
        migrations.answer = CheckResult.down("pending");
        rig.workers.runAll();
        assertThat(recorder.because()).containsExactly("migrations");
        rig.readiness();
        migrations.answer = CheckResult.up();
        rig.advance(ofSeconds(2));
        rig.readiness();

        assertThat(recorder.probe(Probe.READINESS))
                .containsExactly("null, UP, null", "UP, DOWN, starting", "DOWN, UP, null");
        assertThat(recorder.probe(Probe.STARTUP)).containsExactly("null, DOWN, null", "DOWN, UP, null");
    }

    @Test // E9
    void a_startup_check_that_passes_without_a_change_ends_starting() {
        rig.registry.register(
                "warm-up",
                new HealthCheck() {
                    @Override
                    public CheckResult check() {
                        throw new AssertionError("without its deadline");
                    }

                    @Override
                    public CheckResult check(Deadline deadline) {
                        return CheckResult.degraded("half").withReason("half");
                    }
                },
                o -> o.probes(Probe.STARTUP).timeout(ofMillis(100)));
        assertThat(rig.registry.checkAsync(Probe.STARTUP)).isNotNull();
        rig.workers.beginNewest().ifMissed(CheckResult.degraded("half").withReason("half"));
        rig.advanceWhileHanging(ofMillis(200));
        assertThat(recorder.probe(Probe.STARTUP)).containsExactly("null, DEGRADED, null");

        rig.workers.runAll();
        rig.advance(ofSeconds(1));
        rig.ask(Probe.STARTUP);

        assertThat(recorder.told("change")).hasSize(1);
        assertThat(recorder.probe(null)).containsExactly("null, DOWN, starting", "DOWN, DEGRADED, null");
    }

    @Test // E9
    void unregistering_what_is_down_ends_it_and_a_new_check_counts_from_its_first_verdict_on() {
        register("db");
        Registration old = rig.registry.register("old", () -> CheckResult.down("gone"));
        rig.readiness();

        old.close();
        rig.workers.runAll();
        assertThat(recorder.probe(Probe.READINESS)).containsExactly("null, DOWN, null", "DOWN, UP, null");
        register("new").answer = CheckResult.down("gone");
        rig.workers.runAll();
        assertThat(recorder.probe(Probe.READINESS)).hasSize(2);
        rig.readiness();

        assertThat(recorder.probe(Probe.READINESS)).last().isEqualTo("UP, DOWN, null");
        assertThat(recorder.because()).containsExactly("new");
    }

    @Test // E9
    void what_is_stale_makes_readiness_down_and_leaves_liveness_as_it_was() {
        register("both", o -> o.probes(Probe.READINESS, Probe.LIVENESS)
                .timeout(ofSeconds(5))
                .every(ofSeconds(10)));
        rig.advance(ofSeconds(1));
        rig.time.pass(ofSeconds(60));

        rig.begin();
        rig.advanceWhileHanging(ofSeconds(1));
        assertThat(recorder.told).last().isEqualTo("change of both to DOWN");
        assertThat(recorder.probe(Probe.READINESS)).containsExactly("null, UP, null", "UP, DOWN, null");
        rig.workers.runAll();

        assertThat(recorder.probe(Probe.READINESS)).last().isEqualTo("DOWN, UP, null");
        assertThat(recorder.probe(Probe.LIVENESS)).containsExactly("null, UP, null");
    }

    @Test // E10
    void nothing_is_told_of_a_probe_before_all_of_its_checks_have_a_verdict() {
        register("db");
        register("cache");

        rig.check("db");
        assertThat(recorder.probes).isEmpty();
        rig.check("cache");

        assertThat(recorder.probe(Probe.READINESS)).containsExactly("null, UP, null");
        assertThat(recorder.probe(Probe.LIVENESS)).isEmpty();
    }

    @Test // E10
    void it_is_told_that_a_probe_is_down_whatever_the_other_checks_will_say() {
        register("db").answer = CheckResult.down("gone");
        register("cache");

        rig.check("db");

        assertThat(recorder.probe(Probe.READINESS)).containsExactly("null, DOWN, null");
    }

    @Test // E10
    void an_instance_that_drains_before_it_had_checks_is_down() {
        rig.registry.drain();
        rig.workers.runAll();

        assertThat(recorder.probe(Probe.READINESS)).containsExactly("null, DOWN, draining");
        assertThat(recorder.probe(null)).containsExactly("null, DOWN, draining");
    }

    @Test // E11
    void a_listener_that_is_added_later_is_told_of_the_present_state_after_the_checks() {
        register("db");
        register("cache", CheckOptions::optional).answer = CheckResult.down("gone");
        rig.readiness();
        List<String> order = new ArrayList<>();

        rig.registry.addListener(new HealthListener() {
            @Override
            public void onChange(StatusChange change) {}

            @Override
            public void onRegistered(String name) {
                order.add("registered " + name);
            }

            @Override
            public void onProbe(ProbeChange change) {
                order.add(change.probe() + " from " + change.from() + " to " + change.to() + " by " + change.checks());
            }
        });
        rig.workers.runAll();
        set("cache", CheckResult.up());

        assertThat(order)
                .containsExactly(
                        "registered db",
                        "registered cache",
                        "READINESS from null to DEGRADED by [cache]",
                        "null from null to DEGRADED by [cache]",
                        "READINESS from DEGRADED to UP by []",
                        "null from DEGRADED to UP by []");
    }

    @Test // E12
    void the_first_twenty_checks_that_make_it_so_are_named_those_that_are_longest_so_first() {
        register("migrations", o -> o.probes(Probe.STARTUP)).answer = CheckResult.down("pending");
        IntStream.range(0, 25).forEach(i -> register("check-" + i).answer = CheckResult.down("gone"));
        for (int i = 24; i >= 0; i--) {
            rig.check("check-" + i);
        }
        Objects.requireNonNull(checks.get("migrations")).answer = CheckResult.up();
        rig.check("migrations");

        List<String> longest =
                IntStream.range(0, 20).mapToObj(i -> "check-" + (24 - i)).toList();
        assertThat(recorder.because()).isEqualTo(longest);
    }

    private Switchable register(String name) {
        return register(name, UnaryOperator.identity());
    }

    private Switchable register(String name, UnaryOperator<CheckOptions> options) {
        Switchable check = new Switchable();
        checks.put(name, check);
        rig.registry.register(name, check, options);
        return check;
    }

    /** The check answers so from now on, and is asked. */
    private void set(String name, CheckResult answer) {
        Objects.requireNonNull(checks.get(name)).answer = answer;
        rig.advance(Duration.ofSeconds(2));
        rig.check(name);
    }
}
