package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.VirtualRegistry.Switchable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** R12: startup checks pass once, and until all have, readiness waits. */
class StartupTest {
    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable migrations = new Switchable();
    private final Switchable database = new Switchable();

    @Test // R12c, R12d
    void until_a_startup_check_has_passed_readiness_and_the_whole_are_down_with_reason_starting() {
        migrations.answer = CheckResult.down("pending");
        rig.registry.register("migrations", migrations, o -> o.probes(Probe.STARTUP));
        rig.registry.register("db", database);

        HealthReport readiness = rig.readiness();
        assertThat(readiness.status()).isEqualTo(Status.DOWN);
        assertThat(readiness.reason()).isEqualTo("starting");
        assertThat(readiness.checks()).extracting(CheckReport::name).containsExactly("db");
        assertThat(rig.ask(null).reason()).isEqualTo("starting");
        assertThat(rig.ask(Probe.STARTUP).status()).isEqualTo(Status.DOWN);
        assertThat(rig.ask(Probe.STARTUP).reason()).isNull();
        assertThat(rig.ask(Probe.LIVENESS).status()).isEqualTo(Status.UP);
    }

    @Test // R12e
    void a_question_for_readiness_alone_is_enough_to_get_started() {
        rig.registry.register("migrations", migrations, o -> o.probes(Probe.STARTUP));

        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        assertThat(rig.readiness().reason()).isNull();
    }

    @Test // R12e
    void readiness_asks_a_startup_check_that_failed_again_but_not_more_than_once_a_second() {
        migrations.answer = CheckResult.down("pending");
        rig.registry.register("migrations", migrations, o -> o.probes(Probe.STARTUP));
        rig.readiness();
        rig.readiness();
        assertThat(migrations.runs).hasValue(1);

        migrations.answer = CheckResult.up();
        rig.advance(ofSeconds(1));

        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        assertThat(migrations.runs).hasValue(2);
    }

    @Test // R12a, R12b
    void once_passed_a_startup_check_is_not_run_again_and_shows_its_verdict_for_good() {
        rig.registry.register("migrations", migrations, o -> o.probes(Probe.STARTUP));
        CheckReport passed = rig.ask(Probe.STARTUP).checks().get(0);
        migrations.answer = CheckResult.down("gone bad");

        rig.advance(Duration.ofDays(365));

        assertThat(rig.ask(Probe.STARTUP).checks()).containsExactly(passed);
        assertThat(rig.ask(null).checks()).containsExactly(passed);
        assertThat(migrations.runs).hasValue(1);
    }

    @Test // R12a
    void degraded_is_enough_to_pass() {
        migrations.answer = CheckResult.degraded("slow disk");
        rig.registry.register("migrations", migrations, o -> o.probes(Probe.STARTUP));

        assertThat(rig.ask(Probe.STARTUP).status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.readiness().reason()).isNull();
    }

    @Test // R12d
    void a_startup_check_registered_late_takes_readiness_back_until_it_has_passed() {
        rig.registry.register("db", database);
        assertThat(rig.readiness().status()).isEqualTo(Status.UP);

        migrations.answer = CheckResult.down("pending");
        rig.registry.register("migrations", migrations, o -> o.probes(Probe.STARTUP));

        assertThat(rig.readiness().reason()).isEqualTo("starting");
        migrations.answer = CheckResult.up();
        rig.advance(ofSeconds(1));
        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
    }

    @Test // R12d
    void unregistering_a_startup_check_that_has_not_passed_ends_the_wait_for_it() {
        migrations.answer = CheckResult.down("pending");
        Registration registration = rig.registry.register("migrations", migrations, o -> o.probes(Probe.STARTUP));
        assertThat(rig.readiness().reason()).isEqualTo("starting");

        registration.close();

        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
    }

    @Test // R12g
    void an_optional_startup_check_does_not_keep_the_application_from_starting() {
        migrations.answer = CheckResult.down("pending");
        rig.registry.register(
                "warm-up", migrations, o -> o.probes(Probe.STARTUP).optional());

        assertThat(rig.ask(Probe.STARTUP).status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
    }

    @Test // R12a
    void a_check_of_both_probes_passes_startup_for_good_and_goes_on_for_readiness() {
        rig.registry.register("db", database, o -> o.probes(Probe.STARTUP, Probe.READINESS));
        rig.readiness();
        database.answer = CheckResult.down("gone");
        rig.advance(ofSeconds(1));

        assertThat(rig.readiness().status()).isEqualTo(Status.DOWN);
        assertThat(rig.readiness().reason()).isNull();
        assertThat(rig.ask(Probe.STARTUP).status()).isEqualTo(Status.UP);
        assertThat(rig.ask(null).checks().get(0).status()).isEqualTo(Status.DOWN);
    }

    @Test // R12a
    void what_has_passed_startup_has_passed_when_the_registry_is_closed_too() {
        rig.registry.register("db", database, o -> o.probes(Probe.STARTUP, Probe.READINESS));
        rig.readiness();
        database.answer = CheckResult.down("gone");
        rig.advance(ofSeconds(1));
        assertThat(rig.readiness().status()).isEqualTo(Status.DOWN);

        rig.registry.close();

        assertThat(rig.ask(Probe.STARTUP).status()).isEqualTo(Status.UP);
        assertThat(rig.ask(null).checks().get(0).status()).isEqualTo(Status.DOWN);
    }

    @Test // R12b
    void a_check_of_startup_and_liveness_that_has_passed_is_not_run_for_readiness() {
        rig.registry.register("heap", migrations, o -> o.probes(Probe.STARTUP, Probe.LIVENESS));
        rig.readiness();
        rig.advance(ofSeconds(2));

        rig.readiness();

        assertThat(migrations.runs).hasValue(1);
    }

    @Test // R12d
    void a_startup_check_that_hangs_keeps_readiness_at_starting_and_the_answer_in_time() {
        rig.registry.register("migrations", migrations, o -> o.probes(Probe.STARTUP));
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);

        rig.advanceWhileHanging(ofMillis(900));

        assertThat(answer.join().reason()).isEqualTo("starting");
    }

    @Test // R12b
    void a_scheduled_startup_check_runs_no_more_once_it_has_passed() {
        rig.registry.register(
                "migrations", migrations, o -> o.probes(Probe.STARTUP).every(ofSeconds(10)));
        rig.advance(Duration.ZERO);

        rig.advance(ofSeconds(1000));

        assertThat(migrations.runs).hasValue(1);
        assertThat(rig.ask(Probe.STARTUP).status()).isEqualTo(Status.UP);
        assertThat(rig.time.wakeups()).isZero();
    }

    @Test // R9d
    void without_startup_checks_startup_is_up() {
        assertThat(rig.ask(Probe.STARTUP).status()).isEqualTo(Status.UP);
    }
}
