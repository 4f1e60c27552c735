package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.VirtualRegistry.Switchable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** R9, R11 and R18, and what a report says of its checks. */
class ReportTest {
    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable database = new Switchable();
    private final Switchable cache = new Switchable();

    @Test // R9a
    void down_of_a_required_check_is_down_of_the_whole() {
        database.answer = CheckResult.down("no");
        registerBoth();

        assertThat(rig.readiness().status()).isEqualTo(Status.DOWN);
    }

    @Test // R9b
    void down_of_an_optional_check_only_degrades_the_whole() {
        cache.answer = CheckResult.down("no");
        registerBoth();

        assertThat(rig.readiness().status()).isEqualTo(Status.DEGRADED);
    }

    @Test // R9b
    void degraded_of_any_check_degrades_the_whole() {
        database.answer = CheckResult.degraded("so so");
        registerBoth();

        assertThat(rig.readiness().status()).isEqualTo(Status.DEGRADED);
    }

    @Test // R9d
    void no_checks_are_up() {
        for (Probe probe : Probe.values()) {
            assertThat(rig.ask(probe).status()).isEqualTo(Status.UP);
        }
        assertThat(rig.ask(null).status()).isEqualTo(Status.UP);
    }

    @Test // R17f
    void checks_stand_in_the_order_of_their_registration_and_only_in_their_probes() {
        rig.registry.register("zebra", database);
        rig.registry.register("heap", cache, o -> o.probes(Probe.LIVENESS));
        rig.registry.register("ant", cache);

        assertThat(rig.readiness().checks()).extracting(CheckReport::name).containsExactly("zebra", "ant");
        assertThat(rig.ask(Probe.LIVENESS).checks())
                .extracting(CheckReport::name)
                .containsExactly("heap");
        assertThat(rig.ask(null).checks()).extracting(CheckReport::name).containsExactly("zebra", "heap", "ant");
    }

    @Test
    void a_report_says_what_was_set_for_its_check() {
        rig.registry.register("heap", cache, o -> o.probes(Probe.STARTUP, Probe.LIVENESS)
                .timeout(ofMillis(300))
                .every(ofSeconds(30)));
        rig.registry.register("db", database);

        CheckReport heap = rig.check("heap");

        assertThat(heap.probes()).containsExactly(Probe.LIVENESS, Probe.STARTUP).isUnmodifiable();
        assertThat(heap.timeout()).isEqualTo(ofMillis(300));
        assertThat(heap.every()).isEqualTo(ofSeconds(30));
        assertThat(rig.check("db").probes()).containsExactly(Probe.READINESS);
        assertThat(rig.check("db").every()).isNull();
    }

    @Test // C17
    void some_checks_are_asked_by_name_and_answer_in_that_order_each_once_and_unknown_names_are_left_out() {
        Switchable other = new Switchable();
        rig.registry.register("db", database);
        rig.registry.register("other", other);
        rig.registry.register("cache", cache);
        List<String> names = List.of("cache", "unknown", "db", "cache");

        CompletableFuture<List<CheckReport>> answer = rig.registry.checkAsync(names);
        assertThat(answer).isNotDone();
        rig.workers.runAll();

        assertThat(answer.join()).isUnmodifiable().extracting(CheckReport::name).containsExactly("cache", "db");
        assertThat(rig.registry.check(names)).isEqualTo(answer.join());
        assertThat(cache.runs).hasValue(1);
        assertThat(other.runs).hasValue(0);
        assertThat(rig.registry.check(List.of())).isEmpty();
        assertThat(rig.registry.checkAsync(List.of("unknown"))).isCompletedWithValue(List.of());
    }

    @Test // C17
    void some_checks_share_one_answer_budget() {
        rig.registry.register("db", database, o -> o.every(ofMinutes(1)).timeout(ofSeconds(5)));
        rig.registry.register("cache", cache, o -> o.every(ofMinutes(1)).timeout(ofSeconds(5)));
        CompletableFuture<List<CheckReport>> answer = rig.registry.checkAsync(List.of("db", "cache"));

        rig.advanceWhileHanging(ofMillis(899));
        assertThat(answer).isNotDone();
        rig.advanceWhileHanging(ofMillis(1));

        assertThat(answer.join()).extracting(CheckReport::reason).containsExactly("pending", "pending");
        rig.workers.runAll();
    }

    @Test // R11a
    void an_up_that_took_longer_than_slow_after_is_degraded_with_reason_slow() {
        rig.registry.register(
                "db",
                () -> {
                    rig.time.advance(ofMillis(101));
                    return CheckResult.up().withDetail("rows", 3);
                },
                o -> o.slowAfter(ofMillis(100)));

        CheckReport slow = rig.check("db");

        assertThat(slow.status()).isEqualTo(Status.DEGRADED);
        assertThat(slow.reason()).isEqualTo("slow");
        assertThat(slow.duration()).isEqualTo(ofMillis(101));
        assertThat(slow.details()).containsEntry("rows", 3);
    }

    @Test // R11c
    void an_asynchronous_run_took_until_its_stage_was_complete() {
        CompletableFuture<CheckResult> stage = new CompletableFuture<>();
        rig.registry.registerAsync("search", () -> stage);
        rig.begin();
        rig.workers.runAll();
        rig.time.advance(ofMillis(30));
        stage.complete(CheckResult.up());

        assertThat(rig.check("search").duration()).isEqualTo(ofMillis(30));
    }

    @Test // R11b
    void an_up_that_took_no_longer_is_up_and_a_slow_down_keeps_its_reason() {
        rig.registry.register(
                "quick",
                () -> {
                    rig.time.advance(ofMillis(100));
                    return CheckResult.up();
                },
                o -> o.slowAfter(ofMillis(100)));
        rig.registry.register(
                "bad",
                () -> {
                    rig.time.advance(ofMillis(200));
                    return CheckResult.down("no").withReason("broken");
                },
                o -> o.slowAfter(ofMillis(100)));

        assertThat(rig.check("quick").status()).isEqualTo(Status.UP);
        assertThat(rig.check("bad").reason()).isEqualTo("broken");
    }

    @Test // R18a
    void a_clock_that_jumps_back_and_forth_changes_no_verdict() {
        rig.registry.register("db", database);
        rig.registry.register("disk", cache, o -> o.every(ofSeconds(10)));
        rig.advance(Duration.ZERO);
        rig.readiness();

        for (Duration jump : List.of(Duration.ofHours(1), Duration.ofHours(-2), Duration.ofDays(-3000))) {
            rig.time.setDate(rig.time.instant().plus(jump));
            assertThat(rig.readiness().checks())
                    .allSatisfy(check -> assertThat(check.status()).isEqualTo(Status.UP));
        }
        assertThat(database.runs).hasValue(1);
        assertThat(cache.runs).hasValue(1);

        rig.advance(ofSeconds(10));
        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
        assertThat(database.runs).hasValue(2);
        assertThat(cache.runs).hasValue(2);
    }

    @Test // R18b
    void a_clock_that_throws_changes_no_verdict() {
        VirtualRegistry broken = new VirtualRegistry(builder -> builder.clock(() -> {
            throw new IllegalStateException("no time");
        }));
        broken.registry.register("db", database);

        assertThat(broken.readiness().status()).isEqualTo(Status.UP);
    }

    @Test // C14
    void a_check_report_tells_when_and_since_when_and_how_often() {
        registerBoth();
        rig.readiness();
        database.answer = CheckResult.down("no").withReason("broken");
        rig.advance(ofSeconds(10));
        rig.readiness();
        rig.advance(ofSeconds(10));

        CheckReport report = rig.check("db");

        assertThat(report.checkedAt()).isEqualTo(FakeTime.START.plusSeconds(20));
        assertThat(report.since()).isEqualTo(FakeTime.START.plusSeconds(10));
        assertThat(report.lastSuccess()).isEqualTo(FakeTime.START);
        assertThat(report.consecutiveFailures()).isEqualTo(2);
        assertThat(report.message()).isEqualTo("no");
        assertThat(report.runs())
                .extracting(CheckReport.PastRun::status)
                .containsExactly(Status.UP, Status.DOWN, Status.DOWN);
        assertThat(report.changes()).extracting(StatusChange::to).containsExactly(Status.UP, Status.DOWN);
        assertThat(report.changes().get(1).from()).isEqualTo(Status.UP);
        assertThat(report.changes().get(1).ref()).isEqualTo(report.ref());
    }

    @Test // C14, R18a
    void a_check_report_tells_how_long_ago_it_ran_and_how_long_its_status_has_lasted_whatever_the_clock_says() {
        registerBoth();
        rig.readiness();
        rig.advance(ofSeconds(10));
        CheckReport report = rig.check("db");

        rig.time.setDate(FakeTime.START.minusSeconds(3600));
        rig.time.pass(ofMillis(2500));

        assertThat(report.age()).isEqualTo(ofMillis(2500));
        assertThat(report.lasting()).isEqualTo(ofMillis(12_500));
    }

    @Test // C14
    void without_a_run_there_is_no_age() {
        rig.registry.register("db", database, o -> o.every(ofSeconds(10)).timeout(ofSeconds(2)));
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync();
        rig.advanceWithoutThreads(ofMillis(900));

        assertThat(answer).isCompleted();
        CheckReport report = answer.join().checks().get(0);

        assertThat(report.reason()).isEqualTo("pending");
        assertThat(report.isKnown()).isFalse();
        assertThat(report.age()).isNull();
        assertThat(report.lasting()).isNull();
    }

    @Test // C14
    void a_check_may_use_the_registry_s_words_for_what_it_knows() {
        database.answer = CheckResult.down("the rates are 10 min old").withReason("stale");
        cache.answer = CheckResult.degraded("not filled yet").withReason("pending");
        registerBoth();

        assertThat(rig.readiness().checks()).allMatch(CheckReport::isKnown);
    }

    @Test // C14
    void a_report_tells_which_probe_it_is_of_and_when_it_was_made() {
        registerBoth();
        cache.answer = CheckResult.down("no").withReason("broken");

        HealthReport report = rig.readiness();

        assertThat(report.probe()).isEqualTo(Probe.READINESS);
        assertThat(rig.ask(null).probe()).isNull();
        assertThat(report.timestamp()).isEqualTo(FakeTime.START);
        assertThat(report).hasToString("DEGRADED [db UP, cache DOWN (broken)]");
        rig.registry.drain();
        assertThat(rig.readiness()).hasToString("DOWN (draining) [db UP, cache DOWN (broken)]");
    }

    @Test // C15
    void an_unknown_check_is_nobody() {
        assertThat(rig.registry.check("nobody")).isEmpty();
        assertThat(rig.registry.checkAsync("nobody")).isCompletedWithValueMatching(answer -> answer.isEmpty());
    }

    @Test // R18c
    void a_pause_of_the_whole_process_makes_no_run_count_twice() {
        rig.registry.register("db", database, o -> o.timeout(ofMillis(500)).failureThreshold(2));
        rig.readiness();
        rig.advance(ofSeconds(1));
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(Probe.READINESS);

        rig.time.pause(ofMillis(700));
        rig.workers.runAllButChecks();

        assertThat(answer.join().checks().get(0).consecutiveFailures()).isEqualTo(1);
        assertThat(answer.join().status()).isEqualTo(Status.UP);
    }

    private void registerBoth() {
        rig.registry.register("db", database);
        rig.registry.register("cache", cache, CheckOptions::optional);
    }
}
