package dev.healthcheck;

import static dev.healthcheck.testkit.Wording.assertForPeople;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.CapturedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages of reports and the lines of the log are for people, whatever the durations and counts in them. */
class WordingTest {
    private final CapturedLog log = new CapturedLog();
    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable check = new Switchable();
    private final List<String> messages = new ArrayList<>();

    @AfterEach
    void detach() {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 850, 1_234, 9_999, 59_960, 61_500, 3_725_000})
    void a_run_that_hangs(long timeout) {
        rig.registry.register("db", check, o -> o.timeout(ofMillis(timeout)).every(ofMillis(2 * timeout + 100)));
        for (int step = 0; step < 40; step++) {
            rig.advanceWhileHanging(ofMillis(timeout / 3 + 1));
            note(rig.checkWhileHanging("db"));
        }

        assertThat(log.messages()).anyMatch(line -> line.contains("no answer within "));
        assertThat(messages).anyMatch(message -> message.startsWith("has been running for "));
        assertAllForPeople();
    }

    @Test
    void failures_from_one_to_many_and_the_way_back() {
        rig.registry.register(
                "db", check, o -> o.failureThreshold(2).successThreshold(2).every(ofMillis(61_500)));
        for (int outage = 0; outage < 4; outage++) {
            check.answer = CheckResult.down("gone");
            rig.advance(ofSeconds(1 + outage * 60L));
            note(rig.check("db"));
            rig.advance(ofMinutes(outage * 30L));
            check.answer = CheckResult.up();
            rig.advance(ofSeconds(65));
            note(rig.check("db"));
            rig.advance(ofMinutes(2));
        }

        assertThat(messages).contains("1 of 2 good runs");
        assertThat(log.messages()).anyMatch(line -> line.contains(" failure"));
        assertAllForPeople();
    }

    @Test
    void what_is_stale() {
        rig.registry.register("db", check, o -> o.timeout(ofSeconds(10)).every(ofMillis(1_333_333)));
        rig.advance(ofSeconds(1));
        rig.time.pass(Duration.ofHours(10));
        CompletableFuture<Optional<CheckReport>> answer = rig.registry.checkAsync("db");
        rig.advanceWhileHanging(ofSeconds(1));
        note(answer.join().orElseThrow());

        assertThat(messages).anyMatch(message -> message.startsWith("no run has ended for more than "));
        assertAllForPeople();
    }

    private void note(CheckReport report) {
        if (report != null && report.message() != null) {
            messages.add(report.message());
        }
    }

    private void assertAllForPeople() {
        messages.forEach(message -> assertForPeople(message));
        log.messages().forEach(line -> assertForPeople(line));
    }
}
