package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.healthcheck.CheckReport.PastRun;
import dev.healthcheck.VirtualRegistry.Switchable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** C9: what the bounded history of a check keeps. */
class HistoryTest {
    private final History history = new History();

    @Test // C9
    void the_last_sixty_runs_are_kept_the_oldest_first() {
        List<PastRun> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            CheckResult result =
                    i % 3 == 0 ? CheckResult.up() : i % 3 == 1 ? CheckResult.degraded("") : CheckResult.down("");
            Instant at = FakeTime.START.plusSeconds(i);
            history.add(new RunOutcome(result, ofMillis(i).toNanos(), i, at, 1));
            all.add(new PastRun(at, result.status(), ofMillis(i)));

            assertThat(history.runs()).isEqualTo(all.subList(Math.max(0, all.size() - 60), all.size()));
        }
    }

    @Test // C9
    void what_was_given_out_does_not_change() {
        history.add(new RunOutcome(CheckResult.up(), 0, 0, FakeTime.START, 1));
        List<PastRun> runs = history.runs();

        history.add(new RunOutcome(CheckResult.up(), 0, 0, FakeTime.START, 1));

        assertThat(runs).hasSize(1);
        assertThatThrownBy(runs::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(history.changes()::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test // C9
    void a_run_that_took_longer_than_can_be_packed_took_35_minutes() {
        history.add(new RunOutcome(CheckResult.up(), Duration.ofDays(40).toNanos(), 0, FakeTime.START, 1));

        assertThat(history.runs().get(0).duration()).isBetween(ofMinutes(35), ofMinutes(36));
    }

    @Test // C9
    void the_last_twenty_changes_are_kept_and_no_exceptions() {
        VirtualRegistry rig = new VirtualRegistry();
        Switchable check = new Switchable();
        rig.registry.register("db", check);
        for (int i = 0; i < 30; i++) {
            check.answer =
                    CheckResult.down(new IllegalStateException("failure " + i)).withReason("failure-" + i);
            rig.check("db");
            rig.advance(ofSeconds(1));
        }

        List<StatusChange> changes = rig.check("db").changes();

        assertThat(changes)
                .hasSize(20)
                .allMatch(change -> change.cause() == null)
                .last()
                .extracting(StatusChange::reason, StatusChange::error)
                .containsExactly("failure-29", "java.lang.IllegalStateException: failure 29");
        assertThat(rig.changes).allMatch(change -> change.cause() != null);
    }

    @Test // R18b
    void a_clock_out_of_its_mind_disturbs_no_verdict() {
        VirtualRegistry rig = new VirtualRegistry();
        rig.registry.register("db", new Switchable(), o -> o.every(ofSeconds(1)));
        for (Instant date : new Instant[] {Instant.MAX, Instant.MIN, Instant.EPOCH}) {
            rig.time.setDate(date);
            rig.advance(Duration.ZERO);
            rig.time.pause(Duration.ZERO);
            assertThat(rig.check("db").status()).isEqualTo(Status.UP);
        }
    }
}
