package dev.healthcheck;

import static dev.healthcheck.testkit.CapturedLog.value;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.CapturedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** L14 to L19: a check that flaps fills no log, and yet the log never says anything that is not so. */
class FlappingTest {
    private final CapturedLog log = new CapturedLog();
    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable check = new Switchable();
    private final Set<String> refs = new TreeSet<>();

    @BeforeEach
    void beginWell() {
        rig.registry.register("db", check, o -> o.cacheFor(Duration.ZERO));
        rig.check("db");
        rig.advance(ofSeconds(60));
    }

    @AfterEach
    void detach() {
        log.close();
    }

    @Test // L14, L15
    void the_fifth_change_within_a_minute_is_a_warning_that_the_check_flaps_and_further_ones_are_debug() {
        flap(10, ofSeconds(7));

        List<String> said = said();
        assertThat(said.subList(0, 5))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(
                                        "WARN db is DOWN (unreachable), was UP: java.lang.IllegalStateException: gone [ref "),
                        line -> assertThat(line)
                                .isEqualTo("INFO db is UP, was DOWN (unreachable) for 7.0 s, 1 failure"),
                        line -> assertThat(line).startsWith("WARN db is DOWN"),
                        line -> assertThat(line).startsWith("INFO db is UP"),
                        line -> assertThat(line)
                                .startsWith("WARN db flaps: 5 changes within 28.0 s, now DOWN (unreachable), was UP:"
                                        + " java.lang.IllegalStateException: gone [ref "));
        assertThat(said).hasSize(5);
        assertThat(log.lines(Level.DEBUG)).hasSize(1 + 5);
    }

    @Test // L15
    void all_episodes_of_a_check_that_flaps_share_the_ref_of_the_line_that_says_so() {
        flap(4, ofSeconds(1));
        Set<String> before = new TreeSet<>(refs);
        flap(40, ofSeconds(1));
        refs.removeAll(before);

        assertThat(before).hasSize(2);
        assertThat(refs).hasSize(1);
        assertThat(line("WARN db flaps")).satisfies(line -> assertThat(value(line, "health.ref"))
                .isEqualTo(refs.iterator().next()));
    }

    @Test // L15
    void a_check_that_begins_to_flap_by_getting_well_keeps_the_ref_of_what_it_was() {
        for (CheckResult answer : List.of(CheckResult.degraded("so so"), CheckResult.down("no"))) {
            check.answer = answer;
            refs.add(Objects.requireNonNull(rig.check("db").ref()));
            rig.advance(ofSeconds(1));
        }
        flap(2, ofSeconds(1));
        Set<String> before = new TreeSet<>(refs);
        flap(4, ofSeconds(1));

        assertThat(line("WARN db flaps").getFormattedMessage())
                .startsWith("db flaps: 5 changes within 4.0 s, now UP, was DOWN (unreachable) for 1.0 s, 1 failure");
        assertThat(refs).isEqualTo(before);
    }

    @Test // L17, L19
    void ten_seconds_after_the_last_change_one_line_says_what_the_check_is() {
        flap(7, ofSeconds(1));
        rig.advance(ofMillis(8999));
        int before = said().size();
        rig.advance(ofMillis(1));
        rig.advance(ofMinutes(5));

        List<String> since = said().subList(before, said().size());
        assertThat(since)
                .containsExactly(
                        "WARN db has been DOWN (unreachable) for 10.0 s, after it flapped for 6.0 s: java.lang.IllegalStateException: gone [ref "
                                + rig.check("db").ref() + "]");
        ILoggingEvent line = line("WARN db has been");
        assertThat(value(line, "health.status")).isEqualTo(Status.DOWN);
        assertThat(line.getThrowableProxy()).isNotNull();
    }

    @Test // L17, L19
    void a_check_that_is_well_again_after_it_flapped_is_told_at_info() {
        flap(8, ofSeconds(1));
        rig.advance(ofSeconds(60));

        assertThat(said().get(said().size() - 1))
                .startsWith("INFO db has been UP for 10.0 s, after it flapped for 7.0 s [ref ");
    }

    @Test // L14
    void a_change_after_a_quiet_minute_is_an_episode_of_its_own() {
        flap(8, ofSeconds(1));
        rig.advance(ofSeconds(60));
        int before = said().size();
        Set<String> known = new TreeSet<>(refs);
        flap(2, ofSeconds(1));

        assertThat(said().subList(before, said().size()))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("WARN db is DOWN (unreachable), was UP"),
                        line -> assertThat(line).startsWith("INFO db is UP, was DOWN"));
        assertThat(refs).hasSize(known.size() + 1);
    }

    @Test // L14
    void four_changes_within_a_minute_or_five_within_more_are_not_flapping() {
        flap(4, ofSeconds(1));
        rig.advance(ofSeconds(60));
        flap(8, ofMillis(15_100));

        assertThat(said()).hasSize(12).noneMatch(line -> line.contains("flap"));
    }

    @Test // L16
    void every_ten_minutes_of_flapping_one_warning_sums_up() {
        flap(5, ofSeconds(7));
        int before = said().size();
        flap(2 * 86, ofSeconds(7));

        assertThat(said().subList(before, said().size()))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(
                                        "WARN db still flaps: 86 changes within 10 min 2 s, DOWN for 50 % of the time,"
                                                + " now DOWN (unreachable), was UP: java.lang.IllegalStateException: gone [ref "),
                        line -> assertThat(line).startsWith("WARN db still flaps: 86 changes within 10 min 2 s"));
    }

    @Test // L14
    void reasons_that_alternate_flap_too_and_reminders_still_come() {
        for (int i = 0; i < 120; i++) {
            check.answer = CheckResult.down("no").withReason(i % 2 == 0 ? "timeout" : "unreachable");
            refs.add(Objects.requireNonNull(rig.check("db").ref()));
            rig.advance(ofSeconds(1));
        }

        assertThat(said())
                .hasSize(6)
                .anyMatch(line -> line.startsWith("WARN db flaps: 5 changes within 4.0 s"))
                .anyMatch(line -> line.startsWith("WARN db is still DOWN (timeout), for 1 min, 61 failures"));
        assertThat(refs).isSubsetOf(refsInTheLog());
    }

    @Test // L11
    void a_check_that_flaps_while_draining_is_no_warning() {
        rig.registry.drain();
        flap(40, ofSeconds(1));
        rig.advance(ofMinutes(1));

        assertThat(said()).isNotEmpty().noneMatch(line -> line.startsWith("WARN"));
    }

    @ParameterizedTest // L18, L19
    @ValueSource(ints = {1, 2, 3, 5, 7, 9, 11, 13, 14, 15, 16, 30})
    void whatever_the_rhythm_every_ref_is_in_the_log_and_its_newest_line_is_true_after_ten_seconds(int seconds) {
        for (int change = 0; change < 200; change++) {
            turn();
            for (int i = 0; i < seconds; i++) {
                rig.advance(ofSeconds(1));
                if (i >= 9) {
                    assertThat(newestStatus()).isEqualTo(rig.check("db").status());
                }
            }
        }
        assertThat(refs).isSubsetOf(refsInTheLog());
    }

    @Test // L14, L16, L18
    void an_hour_of_flapping_every_seven_seconds_is_eleven_lines_with_every_ref_that_was_shown() {
        flap(3600 / 7, ofSeconds(7));
        rig.advance(ofSeconds(10));

        assertThat(said()).hasSize(4 + 1 + 5 + 1);
        assertThat(said().get(0))
                .startsWith("WARN db is DOWN (unreachable), was UP: java.lang.IllegalStateException: gone [ref ");
        assertThat(said().get(10)).startsWith("INFO db has been UP for 10.0 s, after it flapped for 59 min 51 s [ref ");
        assertThat(refs).hasSize(3).isSubsetOf(refsInTheLog());
    }

    @ParameterizedTest // L18, L19
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void in_a_random_rhythm_with_random_results_too(long seed) {
        Random random = new Random(seed);
        NewestLines.read();
        try {
            VirtualRegistry other = new VirtualRegistry();
            NewestLines lines = new NewestLines();
            other.registry.addListener(change -> lines.told(change, other.time.nanos()));
            other.registry.register("db", check, o -> o.cacheFor(Duration.ZERO).failureThreshold(1 + (int) (seed % 2)));
            for (int i = 0; i < 2000; i++) {
                check.answer = List.of(
                                CheckResult.up(),
                                CheckResult.degraded("so so"),
                                CheckResult.down("no").withReason("auth"),
                                CheckResult.down("no").withReason("unreachable"))
                        .get(random.nextInt(4));
                lines.shown(other.check("db"));
                for (int tenths = random.nextInt(random.nextInt(10) == 0 ? 700 : 160); tenths >= 0; tenths--) {
                    other.advance(ofMillis(100));
                    lines.compare(other.time.nanos());
                }
            }
        } finally {
            NewestLines.stopReading();
        }
    }

    private void flap(int changes, Duration apart) {
        for (int i = 0; i < changes; i++) {
            turn();
            rig.advance(apart);
        }
    }

    private void turn() {
        boolean well = check.answer.status() == Status.UP;
        check.answer =
                well ? CheckResult.down(new IllegalStateException("gone")).withReason("unreachable") : CheckResult.up();
        String ref = rig.check("db").ref();
        if (ref != null) {
            refs.add(ref);
        }
    }

    private ILoggingEvent line(String begin) {
        return log.lines.stream()
                .filter(line -> (line.getLevel() + " " + line.getFormattedMessage()).startsWith(begin))
                .findFirst()
                .orElseThrow();
    }

    private List<ILoggingEvent> lines() {
        return log.lines.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .toList();
    }

    private List<String> said() {
        List<String> said = new ArrayList<>();
        lines().forEach(line -> said.add(line.getLevel() + " " + line.getFormattedMessage()));
        return said;
    }

    private Status newestStatus() {
        List<ILoggingEvent> lines = lines();
        return (Status) value(lines.get(lines.size() - 1), "health.status");
    }

    private Set<String> refsInTheLog() {
        Set<String> all = new TreeSet<>();
        lines().stream()
                .map(line -> (String) value(line, "health.ref"))
                .filter(Objects::nonNull)
                .forEach(all::add);
        return all;
    }
}
