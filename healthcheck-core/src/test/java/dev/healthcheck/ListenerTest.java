package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The events that a listener gets, and their order. */
class ListenerTest {
    private final HealthCheckRegistry registry = Patience.builder().build();
    private final AtomicReference<CheckResult> answer = new AtomicReference<>(CheckResult.up());

    @AfterEach
    void close() {
        registry.close();
    }

    @Test // E1
    void the_first_verdict_comes_from_nothing_and_then_each_change_of_status_or_reason_is_told() {
        List<StatusChange> told = new CopyOnWriteArrayList<>();
        registry.addListener(told::add);
        registry.register("db", answer::get, o -> o.cacheFor(Duration.ZERO));

        for (String reason : List.of("auth", "auth", "unreachable")) {
            registry.check();
            answer.set(CheckResult.down("no").withReason(reason));
        }
        registry.check();

        await().untilAsserted(() -> assertThat(told)
                .extracting(StatusChange::from, StatusChange::to, StatusChange::reason)
                .containsExactly(
                        tuple(null, Status.UP, null),
                        tuple(Status.UP, Status.DOWN, "auth"),
                        tuple(Status.DOWN, Status.DOWN, "unreachable")));
    }

    @Test // E3
    void a_run_that_is_found_overdue_is_told_as_a_run() {
        Hang hang = new Hang();
        List<CheckReport> runs = new CopyOnWriteArrayList<>();
        registry.addListener(new HealthListener() {
            @Override
            public void onChange(StatusChange change) {}

            @Override
            public void onRun(CheckReport report) {
                runs.add(report);
            }
        });
        registry.register("db", hang, o -> o.timeout(ofMillis(100)));

        registry.check();

        await().untilAsserted(
                        () -> assertThat(runs).extracting(CheckReport::reason).containsExactly("timeout"));
        hang.release();
    }

    @Test // E5
    void the_line_of_a_change_is_in_the_log_before_the_listener_is_told() {
        List<String> linesBefore = new CopyOnWriteArrayList<>();
        answer.set(CheckResult.down("no").withReason("unreachable"));

        try (var log = new CapturedLog()) {
            registry.addListener(change -> linesBefore.addAll(log.messages()));
            registry.register("listened-to", answer::get);
            registry.check();

            await().untilAsserted(() ->
                    assertThat(linesBefore).anyMatch(line -> line.startsWith("listened-to is DOWN (unreachable)")));
        }
    }
}
