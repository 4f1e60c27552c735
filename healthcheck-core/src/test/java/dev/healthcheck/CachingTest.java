package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.VirtualRegistry.Switchable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** R3 and R5: who asks during a run shares it, and who asks soon after gets its verdict. */
class CachingTest {
    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable check = new Switchable();

    @Test // R5a
    void a_verdict_is_reused_until_one_second_after_its_run_ended() {
        rig.registry.register("db", check);
        rig.readiness();

        rig.advance(ofMillis(999));
        rig.readiness();
        assertThat(check.runs).hasValue(1);

        rig.advance(ofMillis(1));
        rig.readiness();
        assertThat(check.runs).hasValue(2);
    }

    @Test // R5a
    void the_time_counts_from_the_end_of_the_run_not_from_its_begin() {
        rig.registry.register("db", check);
        rig.begin();
        rig.time.advance(ofMillis(700));
        rig.workers.runAll();

        rig.advance(ofMillis(999));
        rig.readiness();

        assertThat(check.runs).hasValue(1);
    }

    @Test // R5a
    void a_failure_is_reused_as_well() {
        check.answer = CheckResult.down("no");
        rig.registry.register("db", check);
        rig.readiness();
        check.answer = CheckResult.up();

        rig.advance(ofMillis(500));
        assertThat(rig.readiness().status()).isEqualTo(Status.DOWN);
        rig.advance(ofMillis(500));
        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
    }

    @Test // R5b
    void zero_turns_it_off() {
        rig.registry.register("db", check, o -> o.cacheFor(Duration.ZERO));

        IntStream.range(0, 5).forEach(i -> rig.readiness());

        assertThat(check.runs).hasValue(5);
    }

    @Test // R3a
    void all_who_ask_during_a_run_share_it() {
        rig.registry.register("db", check, o -> o.cacheFor(Duration.ZERO));

        List<CompletableFuture<HealthReport>> answers = IntStream.range(0, 100)
                .mapToObj(i -> rig.registry.checkAsync(Probe.READINESS))
                .toList();
        rig.workers.runAll();

        assertThat(rig.time.wakeups()).as("one of the check, none of who asked").isEqualTo(1);
        assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompleted());
        assertThat(check.runs).hasValue(1);
    }

    @Test // R5d
    void a_report_of_fresh_verdicts_gives_out_the_same_check_reports() {
        rig.registry.register("db", check);
        CheckReport first = rig.readiness().checks().get(0);
        rig.advance(ofMillis(500));

        assertThat(rig.readiness().checks().get(0)).isSameAs(first);
        assertThat(rig.check("db")).isSameAs(first);
        rig.advance(ofSeconds(1));
        assertThat(rig.readiness().checks().get(0)).isNotSameAs(first);
    }

    @Test // R5d
    void a_question_answered_from_memory_is_complete_when_returned() {
        rig.registry.register("db", check);
        rig.readiness();

        assertThat(rig.registry.checkAsync(Probe.READINESS)).isCompleted();
        assertThat(rig.registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
    }

    @Test // C10
    void run_now_runs_although_there_is_a_fresh_verdict() {
        Registration registration = rig.registry.register("db", check);
        rig.readiness();
        check.answer = CheckResult.down("no");

        CompletableFuture<CheckReport> now = CompletableFuture.supplyAsync(registration::runNow);
        while (!now.isDone()) {
            rig.workers.runAll();
        }

        assertThat(now.join().status()).isEqualTo(Status.DOWN);
        assertThat(check.runs).hasValue(2);
    }
}
