package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** R4: however many checks there are, an answer comes within the budget, and says what could not be asked. */
class ManyChecksTest {
    private static final int SOME = 3_000;
    /** Sixteen looks at the time use up what there is for asking, and no run is overdue yet. */
    private static final Duration PER_LOOK = ofMillis(99).dividedBy(2);

    private Duration passing = Duration.ZERO;
    private final VirtualRegistry rig = new VirtualRegistry(builder -> builder.clock(this::date));

    @Test // R4a, R4e
    void twenty_thousand_checks_are_answered_for_within_the_budget_and_all_are_well_in_the_end() {
        answersInTimeAndIsWellInTheEnd(20_000);
    }

    @Tag("slow")
    @Test // R4a, R4e
    void a_hundred_thousand_checks_are_answered_for_within_the_budget_and_all_are_well_in_the_end() {
        answersInTimeAndIsWellInTheEnd(100_000);
    }

    private static void answersInTimeAndIsWellInTheEnd(int many) {
        try (HealthCheckRegistry registry = HealthCheckRegistry.create()) {
            for (int i = 0; i < many; i++) {
                registry.register("check-" + i, CheckResult::up, o -> o.cacheFor(ofSeconds(15)));
            }

            HealthReport first = registry.check(Probe.READINESS);

            Patience.assertAnsweredWithin(ofMillis(900), first.duration());
            assertThat(first.checks()).hasSize(many);
            Set<String> well = new HashSet<>(); // over all answers: the first verdicts expire before the last ones come
            await().atMost(ofSeconds(50)).until(() -> {
                registry.check(Probe.READINESS).checks().stream()
                        .filter(check -> check.status() == Status.UP)
                        .forEach(check -> well.add(check.name()));
                return well.size() == many;
            });
        }
    }

    @Test // R4e
    void what_cannot_be_asked_in_time_is_pending_and_its_message_and_the_log_say_of_how_many_that_is_true() {
        try (CapturedLog log = new CapturedLog()) {
            register(SOME);

            HealthReport report = askSlowly(Probe.READINESS, PER_LOOK).join();

            List<CheckReport> pending = report.checks().stream()
                    .filter(check -> "pending".equals(check.reason()))
                    .toList();
            assertThat(pending).hasSizeBetween(1_900, 2_000).allSatisfy(check -> {
                assertThat(check.status()).isEqualTo(Status.DOWN);
                assertThat(check.message())
                        .isEqualTo("not asked in time: %,d of 3,000 checks".formatted(pending.size()));
            });
            assertThat(report.status()).isEqualTo(Status.DOWN);
            assertThat(report.duration()).isLessThanOrEqualTo(ofMillis(900));
            assertThat(log.messages())
                    .filteredOn(line -> line.startsWith("not asked in time"))
                    .singleElement()
                    .isEqualTo(
                            "not asked in time: %,d of 3,000 checks within 900 ms (pending)".formatted(pending.size()));
        }
    }

    @Test // R4e
    void that_is_logged_once_a_minute_at_most() {
        try (CapturedLog log = new CapturedLog()) {
            register(SOME);
            for (int i = 0; i < 5; i++) {
                assertThat(askSlowly(Probe.READINESS, PER_LOOK).join().status()).isEqualTo(Status.DOWN);
            }
            assertThat(said(log)).isEqualTo(1);

            rig.advance(Duration.ofMinutes(1));
            assertThat(askSlowly(Probe.READINESS, PER_LOOK).join().status()).isEqualTo(Status.DOWN);

            assertThat(said(log)).isEqualTo(2);
        }
    }

    @Test // R4d
    void in_liveness_what_was_not_asked_is_up_for_absence_of_evidence_must_not_kill() {
        for (int i = 0; i < SOME; i++) {
            rig.registry.register(
                    "check-" + i, CheckResult::up, o -> o.probes(Probe.LIVENESS).timeout(ofMillis(900)));
        }

        assertThat(askSlowly(Probe.LIVENESS, PER_LOOK).join().status()).isEqualTo(Status.UP);
    }

    @Test // R4e
    void those_that_were_not_asked_are_asked_by_the_next_question() {
        register(SOME);
        assertThat(askSlowly(Probe.READINESS, PER_LOOK).join().status()).isEqualTo(Status.DOWN);

        assertThat(rig.readiness().status()).isEqualTo(Status.UP);
    }

    /** While a question is being asked, whoever looks at the date makes time pass; a question does so now and then. */
    private CompletableFuture<HealthReport> askSlowly(Probe probe, Duration perLook) {
        passing = perLook;
        CompletableFuture<HealthReport> answer = rig.registry.checkAsync(probe);
        passing = Duration.ZERO;
        rig.workers.runAll();
        return answer;
    }

    private Instant date() {
        rig.time.pass(passing);
        return rig.time.instant();
    }

    private void register(int many) {
        for (int i = 0; i < many; i++) {
            rig.registry.register("check-" + i, CheckResult::up, o -> o.cacheFor(ofSeconds(60))
                    .timeout(ofMillis(900)));
        }
    }

    private static long said(CapturedLog log) {
        return log.messages().stream()
                .filter(line -> line.startsWith("not asked in time"))
                .count();
    }
}
