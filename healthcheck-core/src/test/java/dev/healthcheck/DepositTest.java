package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.healthcheck.VirtualRegistry.Switchable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R2, R3, R8 and R12 for what a run says beforehand of the case that it does not end in time. */
class DepositTest {
    private static final CheckResult GONE =
            CheckResult.down("waiting for the server").withReason("unreachable");
    private static final CheckResult FULL =
            CheckResult.degraded("no free connection").withReason("pool-exhausted");

    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable check = new Switchable();
    /** The deposits of the runs that hang. */
    private @Nullable CheckResult deposits;

    @Test // R2d
    void what_a_run_has_deposited_is_reported_at_its_deadline_instead_of_timeout() {
        rig.registry.register("db", check);
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        rig.workers.beginNewest().ifMissed(GONE);
        hang(ofMillis(800));

        CheckReport report = answer.join().checks().get(0);

        assertThat(report.status()).isEqualTo(Status.DOWN);
        assertThat(report.reason()).isEqualTo("unreachable");
        assertThat(report.message()).isEqualTo("waiting for the server");
        assertThat(report.consecutiveFailures()).isEqualTo(1);
    }

    @Test // R3b
    void while_the_run_is_overdue_every_question_is_answered_at_once_with_the_deposited_reason_and_for_how_long() {
        deposits = GONE;
        register(o -> o);
        hang(ofMillis(800));
        hang(ofMillis(2400));

        CheckReport report = rig.checkWhileHanging("db");

        assertThat(report.reason()).isEqualTo("unreachable");
        assertThat(report.message()).isEqualTo("waiting for the server; has been running for 3.2 s");
        assertThat(report.runningFor()).isEqualTo(ofMillis(3200));
        hang(ofSeconds(55));
        assertThat(rig.checkWhileHanging("db").reason()).isEqualTo("unreachable");
    }

    @Test // R2e
    void the_last_deposit_counts() {
        deposits = FULL;
        register(o -> o);
        rig.workers.beginNewest().ifMissed(GONE);
        hang(ofMillis(800));

        assertThat(rig.checkWhileHanging("db").reason()).isEqualTo("unreachable");
    }

    @Test // R2e
    void what_is_deposited_after_the_deadline_is_ignored() {
        register(o -> o);
        Deadline deadline = rig.workers.beginNewest();
        hang(ofMillis(800));
        deadline.ifMissed(GONE);

        assertThat(rig.checkWhileHanging("db").reason()).isEqualTo("stuck");
    }

    @Test // R2e
    void after_a_pause_that_nobody_has_noticed_yet_a_deposit_is_too_late_as_well() {
        register(o -> o);
        rig.time.stopTimer();
        rig.time.advance(ofMillis(801));
        rig.workers.beginNewest().ifMissed(GONE);

        assertThat(rig.checkWhileHanging("db").reason()).isEqualTo("stuck");
    }

    @Test // R2f
    void up_is_refused_for_no_answer_proves_nothing() {
        assertThatThrownBy(() -> Deadline.after(ofSeconds(1)).ifMissed(CheckResult.up()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("result: UP (expected: DOWN or DEGRADED: no answer is no proof that it works)");
    }

    @Test // R2e
    void a_deadline_of_ones_own_takes_a_deposit_and_forgets_it() {
        Deadline deadline = Deadline.after(ofSeconds(60));
        deadline.ifMissed(GONE);

        assertThat(deadline.missed()).isNull();
    }

    @Test // R2d
    void a_deposit_does_not_matter_to_a_run_that_ends_in_time() {
        deposits = GONE;
        register(o -> o);
        rig.workers.runAll();

        assertThat(rig.check("db").status()).isEqualTo(Status.UP);
    }

    @Test // R8e
    void a_down_deposit_counts_for_the_threshold_as_the_bare_timeout_would() {
        deposits = GONE;
        rig.registry.register("db", check, o -> o.timeout(ofMillis(100))
                .cacheFor(Duration.ZERO)
                .failureThreshold(3));
        assertThat(rig.check("db").status()).isEqualTo(Status.UP);
        begin();

        hang(ofMillis(299));
        assertThat(rig.checkWhileHanging("db").status()).isEqualTo(Status.UP);
        hang(ofMillis(1));

        CheckReport report = rig.checkWhileHanging("db");
        assertThat(report.status()).isEqualTo(Status.DOWN);
        assertThat(report.reason()).isEqualTo("unreachable");
        assertThat(report.consecutiveFailures()).isEqualTo(3);
    }

    @Test // R8f
    void a_degraded_deposit_is_shown_and_counts_neither_as_failure_nor_as_success() {
        deposits = FULL;
        rig.registry.register("db", check, o -> o.cacheFor(Duration.ZERO));
        CheckReport before = rig.check("db");
        begin();
        hang(ofMillis(800));

        CheckReport report = rig.checkWhileHanging("db");

        assertThat(report.status()).isEqualTo(Status.DEGRADED);
        assertThat(report.reason()).isEqualTo("pool-exhausted");
        assertThat(report.consecutiveFailures()).isZero();
        assertThat(report.lastSuccess()).isEqualTo(before.lastSuccess());
    }

    @Test // R8f
    void a_degraded_deposit_does_not_end_down() {
        check.answer = CheckResult.down("no").withReason("no");
        deposits = FULL;
        rig.registry.register("db", check, o -> o.cacheFor(Duration.ZERO));
        CheckReport before = rig.check("db");
        begin();
        hang(ofMillis(800));

        CheckReport report = rig.checkWhileHanging("db");

        assertThat(report.status()).isEqualTo(Status.DOWN);
        assertThat(report.reason()).isEqualTo("pool-exhausted");
        assertThat(report.since()).isEqualTo(before.since());
        assertThat(report.consecutiveFailures()).isEqualTo(1);
    }

    @Test // R8f
    void a_degraded_deposit_ends_neither_a_row_of_failures_nor_one_of_successes() {
        rig.registry.register(
                "db", check, o -> o.cacheFor(Duration.ZERO).failureThreshold(2).successThreshold(2));
        rig.check("db");
        check.answer = CheckResult.down("no");
        assertThat(rig.check("db").consecutiveFailures()).isEqualTo(1);
        missWith(FULL);
        assertThat(rig.check("db").status()).isEqualTo(Status.DOWN);

        check.answer = CheckResult.up();
        assertThat(rig.check("db").reason()).isEqualTo("recovering");
        missWith(FULL);
        assertThat(rig.check("db").status()).isEqualTo(Status.UP);
    }

    @Test // R8g
    void a_degraded_deposit_holds_for_a_minute_after_the_deadline_and_then_the_run_is_stuck() {
        deposits = FULL;
        register(o -> o);
        hang(ofMillis(800));

        hang(ofMillis(59_999));
        assertThat(rig.checkWhileHanging("db").status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.changes).hasSize(1);
        hang(ofMillis(1));

        CheckReport report = rig.checkWhileHanging("db");
        assertThat(report.status()).isEqualTo(Status.DOWN);
        assertThat(report.reason()).isEqualTo("stuck");
        assertThat(report.consecutiveFailures()).isEqualTo(1);
        assertThat(rig.changes).hasSize(2);
    }

    @Test // R8g
    void from_then_on_the_run_counts_like_any_overdue_one() {
        deposits = FULL;
        rig.registry.register("db", check, o -> o.timeout(ofMillis(500))
                .cacheFor(Duration.ZERO)
                .failureThreshold(3));
        rig.check("db");
        begin();
        hang(ofMillis(500));
        hang(ofMillis(59_999));
        assertThat(rig.checkWhileHanging("db").consecutiveFailures()).isZero();

        hang(ofMillis(1));
        CheckReport first = rig.checkWhileHanging("db");
        assertThat(first.status()).isEqualTo(Status.DEGRADED);
        assertThat(first.consecutiveFailures()).isEqualTo(1);
        hang(ofMillis(500));
        assertThat(rig.checkWhileHanging("db").consecutiveFailures()).isEqualTo(2);
        hang(ofMillis(500));
        assertThat(rig.checkWhileHanging("db").status()).isEqualTo(Status.DOWN);
    }

    @Test // R8g
    void it_holds_no_longer_for_a_check_whose_timeout_is_longer_than_that() {
        deposits = FULL;
        rig.registry.register("db", check, o -> o.every(Duration.ofMinutes(10)).timeout(Duration.ofMinutes(5)));
        begin();
        hang(Duration.ofMinutes(5));

        hang(ofMillis(59_999));
        assertThat(rig.checkWhileHanging("db").status()).isEqualTo(Status.DEGRADED);
        hang(ofMillis(1));

        assertThat(rig.changes).extracting(StatusChange::reason).containsExactly("pool-exhausted", "stuck");
    }

    @Test // R8i
    void a_replacement_that_deposits_degraded_does_not_lift_what_a_minute_has_proved() {
        deposits = FULL;
        register(o -> o);
        hang(ofMillis(800));
        hang(ofSeconds(60));
        rig.workers.beginNewest().ifMissed(FULL);
        hang(ofMillis(800));

        CheckReport report = rig.checkWhileHanging("db");

        assertThat(report.status()).isEqualTo(Status.DOWN);
        assertThat(report.reason()).isEqualTo("stuck");
        assertThat(rig.changes).extracting(StatusChange::reason).containsExactly("pool-exhausted", "stuck");
    }

    @Test // R8i
    void what_the_newest_run_has_deposited_is_shown() {
        deposits = GONE;
        register(o -> o);
        hang(ofMillis(800));
        hang(ofSeconds(60));
        rig.workers.beginNewest().ifMissed(CheckResult.down("refused").withReason("auth"));
        hang(ofMillis(800));

        assertThat(rig.checkWhileHanging("db").reason()).isEqualTo("auth");
        hang(ofSeconds(30));
        assertThat(rig.checkWhileHanging("db").reason()).isEqualTo("auth");
        assertThat(rig.changes).extracting(StatusChange::reason).containsExactly("unreachable", "auth");
    }

    @Test // R8i
    void a_replacement_that_deposits_degraded_says_less_than_a_run_that_has_deposited_down() {
        deposits = GONE;
        register(o -> o);
        hang(ofMillis(800));
        hang(ofSeconds(60));
        rig.workers.beginNewest().ifMissed(FULL);
        hang(ofMillis(800));

        assertThat(rig.checkWhileHanging("db").reason()).isEqualTo("unreachable");
        assertThat(rig.changes).hasSize(1);
    }

    @Test // R8i
    void a_replacement_that_deposits_nothing_is_stuck_whatever_the_run_before_has_said() {
        deposits = GONE;
        register(o -> o);
        hang(ofMillis(800));
        hang(ofSeconds(60));
        rig.workers.beginNewest();
        hang(ofMillis(800));

        assertThat(rig.checkWhileHanging("db").reason()).isEqualTo("stuck");
    }

    @Test // R12f
    void a_degraded_deposit_does_not_pass_startup() {
        deposits = FULL;
        register(o -> o.probes(Probe.STARTUP));
        hang(ofMillis(800));
        assertThat(rig.registry.check(Probe.READINESS).reason()).isEqualTo("starting");

        deposits = null;
        rig.workers.runAll();
        rig.advance(ofSeconds(2));
        assertThat(rig.ask(Probe.STARTUP).status()).isEqualTo(Status.UP);
        assertThat(rig.readiness().reason()).isNull();
    }

    @Test // R8c
    void a_failure_after_a_degraded_deposit_is_the_first_evidence_and_is_not_damped() {
        deposits = FULL;
        register(o -> o.probes(Probe.STARTUP).failureThreshold(3));
        hang(ofMillis(800));
        deposits = null;
        check.answer = CheckResult.down("no");
        rig.workers.runAll();
        rig.advance(ofSeconds(2));

        assertThat(rig.ask(Probe.STARTUP).status()).isEqualTo(Status.DOWN);
    }

    @Test // R3f
    void a_run_that_comes_back_late_is_dropped_and_the_next_one_says_what_is() {
        deposits = FULL;
        register(o -> o);
        hang(ofSeconds(7));

        rig.workers.runAll();

        assertThat(rig.check("db").status()).isEqualTo(Status.UP);
        assertThat(rig.changes).extracting(StatusChange::reason).containsExactly("pool-exhausted", null);
    }

    @Test // R2d
    void an_asynchronous_check_deposits_as_well() {
        CompletableFuture<CheckResult> never = new CompletableFuture<>();
        rig.registry.registerAsync("db", new AsyncHealthCheck() {
            @Override
            public CompletableFuture<CheckResult> checkAsync() {
                return never;
            }

            @Override
            public CompletableFuture<CheckResult> checkAsync(Deadline deadline) {
                deadline.ifMissed(GONE);
                return never;
            }
        });
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);
        rig.workers.runAll();
        rig.advance(ofMillis(800));

        assertThat(answer.join().checks().get(0).reason()).isEqualTo("unreachable");
        assertThat(never).isCancelled();
    }

    private void register(UnaryOperator<CheckOptions> options) {
        rig.registry.register("db", check, options);
        begin();
    }

    /** Asks, and lets the run get as far as its deposit. */
    private void begin() {
        assertThat(rig.registry.checkAsync()).isNotNull();
        Deadline deadline = rig.workers.beginNewest();
        if (deposits != null) {
            deadline.ifMissed(deposits);
        }
    }

    private void hang(Duration time) {
        rig.advanceWhileHanging(time);
    }

    /** A run that deposits, is missed and comes back. */
    private void missWith(CheckResult deposit) {
        deposits = deposit;
        begin();
        hang(ofMillis(800));
        assertThat(rig.checkWhileHanging("db").reason()).isEqualTo(deposit.reason());
        deposits = null;
        rig.workers.runAll();
    }
}
