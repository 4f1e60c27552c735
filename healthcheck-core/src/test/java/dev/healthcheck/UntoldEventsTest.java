package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.healthcheck.CheckReport.Subject;
import dev.healthcheck.Event.OfChange;
import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.CapturedLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** R15: while the log or a listener blocks, runs are dropped and changes are merged, and no newest state is lost. */
class UntoldEventsTest {
    private static final String WHY = ": the log or a listener is too slow, or memory ran short";

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("dev.healthcheck");

    private final CapturedLog log = new CapturedLog();
    /** Tells nothing until its workers run all: as if the log blocked. */
    private final VirtualRegistry rig = new VirtualRegistry();

    private final Map<String, Switchable> checks = new HashMap<>();

    @AfterEach
    void close() {
        log.close();
    }

    @Test // R15h
    void sixty_four_untold_changes_of_a_check_are_told_one_by_one() {
        register("db");

        for (int i = 0; i < 64; i++) {
            change("db", "reason-" + i);
        }
        rig.workers.runAll();

        assertThat(rig.changes).hasSize(64);
        assertChained(rig.changes);
        assertThat(lost()).isEmpty();
    }

    @Test // R15h
    void more_untold_changes_of_a_check_are_merged_into_one_from_the_oldest_status_to_the_newest() {
        register("db");
        rig.check("db");
        Throwable cause = new IllegalStateException("refused");

        for (int i = 0; i < 64; i++) {
            change("db", "reason-" + i);
        }
        change("db", CheckResult.down(cause).withReason("unreachable"));
        rig.workers.runAll();

        CheckReport now = rig.check("db");
        assertThat(rig.changes).hasSize(2);
        StatusChange merged = rig.changes.get(1);
        assertThat(merged.from()).isEqualTo(Status.UP);
        assertThat(merged.to()).isEqualTo(Status.DOWN);
        assertThat(merged.reason()).isEqualTo("unreachable");
        assertThat(merged.ref()).isNotNull().isEqualTo(now.ref());
        assertThat(merged.cause()).isSameAs(cause);
        assertThat(merged.at()).isEqualTo(now.checkedAt());
    }

    @Test // R15i
    void when_the_log_answers_again_one_line_says_how_many_were_merged_and_then_each_check_what_it_is() {
        register("db");
        register("cache");
        register("calm");
        rig.readiness();
        log.lines.clear();

        for (int i = 0; i < 100; i++) {
            change("db", "reason-" + i % 7);
            change("cache", "reason-" + i % 3);
        }
        change("calm", "gone");
        rig.workers.runAll();

        List<ILoggingEvent> lines = log.lines(Level.WARN);
        assertThat(lines.get(0).getFormattedMessage())
                .isEqualTo("128 changes not written one by one" + WHY
                        + "; the next line of each check concerned says what it is now");
        assertThat(lines).hasSize(1 + 36 + 36 + 1);
        assertThat(lost()).hasSize(1);
        assertThat(rig.registry.droppedEvents()).isEqualTo(128);
        assertThat(lines.get(1).getFormattedMessage())
                .isEqualTo("db is DOWN (reason-1), was UP 65 changes ago: it is [ref "
                        + Objects.requireNonNull(rig.changes.get(3).ref()) + "]");
        assertThat(lines.get(2).getFormattedMessage()).startsWith("cache is DOWN (reason-1), was UP 65 changes ago");
        assertThat(told("db")).last().extracting(StatusChange::ref).isEqualTo(ref("db"));
        assertThat(told("cache")).last().extracting(StatusChange::ref).isEqualTo(ref("cache"));
        assertThat(told("calm")).last().extracting(StatusChange::ref).isEqualTo(ref("calm"));
    }

    @Test // R15h
    void a_merged_change_back_to_where_it_began_is_told_and_written_too_as_its_ref_is_new() {
        register("db");
        change("db", "gone");
        rig.workers.runAll();
        String before = ref("db");

        change("db", "lost");
        for (int i = 0; i < 32; i++) {
            change("db", CheckResult.up());
            change("db", "gone");
        }
        rig.workers.runAll();

        List<StatusChange> told = told("db");
        assertThat(told).hasSize(2);
        assertThat(told.get(1).from()).isEqualTo(Status.DOWN);
        assertThat(told.get(1).reason()).isEqualTo("gone");
        assertThat(told)
                .last()
                .extracting(StatusChange::ref)
                .isEqualTo(ref("db"))
                .isNotEqualTo(before);
        assertThat(log.lines(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("[ref " + told.get(1).ref() + "]"));
    }

    @Test // R15h
    void a_line_that_says_what_a_check_has_become_is_not_written_after_what_it_has_become_since() {
        register("db");
        for (int i = 0; i < 7; i++) {
            changeAtOnce("db", CheckResult.down("it is").withReason("reason-" + i));
        }
        rig.time.advance(ofSeconds(11));

        for (int i = 0; i < 64; i++) {
            changeAtOnce("db", i % 2 == 0 ? CheckResult.up() : CheckResult.down("it is"));
        }
        rig.workers.runAll();

        assertThat(log.messages()).noneMatch(line -> line.startsWith("db has been"));
        assertThat(told("db")).last().extracting(StatusChange::to).isEqualTo(Status.DOWN);
    }

    @Test // R15h
    void a_line_that_says_what_a_check_has_become_finds_room_behind_many_changes() {
        register("db");
        for (int i = 0; i < 64; i++) {
            changeAtOnce("db", CheckResult.down("it is").withReason("reason-" + i));
        }
        rig.time.advance(ofSeconds(11));

        rig.workers.runAll();

        assertThat(log.messages()).last().asString().startsWith("db has been DOWN (reason-63) for 10.0 s");
        assertThat(told("db")).extracting(StatusChange::reason).containsExactly("reason-63");
    }

    @Test // R15c, R15h
    void a_check_that_changes_without_end_is_told_of_in_its_turn_and_the_others_in_theirs() {
        register("restless");
        register("db");

        change("restless", "reason-0");
        change("db", "gone");
        for (int i = 1; i < 65; i++) {
            change("restless", "reason-" + i);
        }
        rig.workers.runAll();

        assertThat(rig.changes).extracting(StatusChange::check).containsExactly("restless", "db");
        assertThat(rig.changes).extracting(StatusChange::reason).containsExactly("reason-64", "gone");
    }

    @Test // R15e
    void only_runs_are_dropped_and_their_number_is_written() {
        register("db");
        register("busy");
        List<String> order = new ArrayList<>();
        rig.registry.addListener(new HealthListener() {
            @Override
            public void onChange(StatusChange change) {
                order.add("change of " + change.check());
            }

            @Override
            public void onRun(CheckReport report) {
                order.add("run of " + report.name());
            }
        });

        change("db", "gone");
        for (int i = 0; i < 4096 + 3; i++) {
            run("busy");
        }
        rig.workers.runAll();

        assertThat(lost()).containsExactly("4 runs not told" + WHY);
        assertThat(order).hasSize(4096 + 2).startsWith("change of db", "change of busy", "run of busy");
    }

    @Test // R15e
    void a_storm_of_runs_displaces_neither_a_reminder_nor_a_lost_thread_nor_any_other_line() {
        register("busy");
        register("db");
        change("db", "gone");
        rig.registry.register("hanging", CheckResult::up, o -> o.timeout(ofMillis(100)));
        assertThat(rig.registry.checkAsync("hanging")).isNotNull();
        rig.workers.begin("hanging", 0);
        rig.time.advance(ofSeconds(61));
        run("db");

        for (int i = 0; i < 5000; i++) {
            run("busy");
        }
        rig.workers.runAll();

        assertThat(log.messages())
                .anyMatch(line -> line.startsWith("db is still DOWN"))
                .anyMatch(line -> line.startsWith("hanging: a run does not return"));
    }

    @Test // R15h
    void ten_thousand_checks_that_go_down_at_once_are_all_told() {
        Crowd crowd = new Crowd(10_000);

        LOGGER.setLevel(Level.OFF);
        crowd.change("gone");
        crowd.deliver();

        assertThat(crowd.told).hasSize(10_000);
        assertThat(crowd.told).extracting(StatusChange::check).doesNotHaveDuplicates();
    }

    @Test // R15k
    void changes_for_which_there_is_no_memory_are_told_merged_with_those_that_wait() {
        Crowd crowd = new Crowd(2);
        crowd.change("before");
        crowd.memoryIsShort = true;
        crowd.change("during");
        crowd.change("newest");
        crowd.deliver();
        assertThat(crowd.told).extracting(StatusChange::reason).containsExactly("newest", "newest");

        crowd.change("alone");
        crowd.deliver();

        assertThat(crowd.told).extracting(StatusChange::reason).containsExactly("newest", "newest", "alone", "alone");
        assertThat(lost()).singleElement().asString().startsWith("4 changes not written one by one");
    }

    @Test // R15j
    void what_waits_is_bounded_by_the_number_of_checks_and_the_newest_state_of_each_is_told() {
        Crowd crowd = new Crowd(2_000);

        LOGGER.setLevel(Level.OFF);
        for (int i = 0; i < 40; i++) {
            crowd.change("reason-" + i);
        }
        crowd.deliver();

        assertThat(crowd.told).hasSizeBetween(2_000, 16_384 + 2_000);
        Map<String, @Nullable String> newest = new HashMap<>();
        crowd.told.forEach(change -> newest.put(change.check(), change.reason()));
        assertThat(newest).hasSize(2_000).allSatisfy((check, reason) -> assertThat(reason)
                .isEqualTo("reason-39"));
    }

    @Test // R15j
    void lines_of_a_check_are_bounded_too_and_displace_no_line_of_another() {
        Crowd crowd = new Crowd(2);
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 64 + 5; i++) {
            String line = "line-" + i;
            crowd.events.say(crowd.outboxes.get(0), to -> written.add(line));
        }
        crowd.events.say(crowd.outboxes.get(1), to -> written.add("other"));

        crowd.deliver();

        assertThat(written).hasSize(64 + 1).startsWith("line-5").endsWith("line-68", "other");
        assertThat(lost()).containsExactly("5 lines lost" + WHY);
    }

    @Test // R15i
    void while_more_is_lost_all_the_time_the_log_says_it_once_a_minute() {
        register("db");
        rig.registry.addListener(change -> {
            if (rig.changes.size() < 40) {
                for (int i = 0; i < 70; i++) { // the check is faster than this listener
                    changeAtOnce("db", CheckResult.down("it is").withReason("reason-" + i % 5));
                }
            }
        });

        change("db", "gone");
        rig.workers.runAll();

        assertThat(rig.changes).hasSizeGreaterThan(40);
        assertThat(lost()).hasSize(2);
    }

    private void register(String name) {
        Switchable check = new Switchable();
        checks.put(name, check);
        rig.registry.register(name, check, o -> o.cacheFor(Duration.ZERO));
    }

    private void change(String name, String reason) {
        change(name, CheckResult.down("it is").withReason(reason));
    }

    /** So much later that the check does not flap. */
    private void change(String name, CheckResult to) {
        rig.time.advance(ofSeconds(20));
        changeAtOnce(name, to);
    }

    private void changeAtOnce(String name, CheckResult to) {
        Objects.requireNonNull(checks.get(name)).answer = to;
        run(name);
    }

    /** Runs the check, and tells nothing. */
    private void run(String name) {
        assertThat(rig.registry.checkAsync(name)).isNotNull();
        rig.workers.run(name, 0);
    }

    private @Nullable String ref(String name) {
        return rig.check(name).ref();
    }

    private List<StatusChange> told(String name) {
        return rig.changes.stream()
                .filter(change -> change.check().equals(name))
                .toList();
    }

    private List<String> lost() {
        return log.messages().stream().filter(line -> line.contains(WHY)).toList();
    }

    /** Many checks that change at once, without their runs. */
    private static final class Crowd {
        final List<StatusChange> told = new ArrayList<>();
        final List<Outbox> outboxes = new ArrayList<>();
        private final Queue<Runnable> deliveries = new ArrayDeque<>();
        boolean memoryIsShort;
        final EventDispatcher events = new EventDispatcher(deliveries::add, new FakeTime()) {
            @Override
            OfChange newChange() {
                if (memoryIsShort) {
                    throw new OutOfMemoryError("on purpose");
                }
                return super.newChange();
            }
        };

        Crowd(int size) {
            for (int i = 0; i < size; i++) {
                outboxes.add(new Outbox("check-" + i, CheckOptions.initial(Duration.ofSeconds(1))));
            }
            events.addListener(told::add);
        }

        void change(String reason) {
            for (int i = 0; i < outboxes.size(); i++) {
                Subject subject = new Subject(
                        "check-" + i, CheckOptions.initial(Duration.ofSeconds(1)), new History(), System::nanoTime);
                Verdict verdict = Verdict.none(Status.DOWN, reason, "it is");
                events.changed(
                        outboxes.get(i), null, new CheckReport(subject, verdict, true), FakeTime.START, 0, false);
            }
        }

        void deliver() {
            deliveries.remove().run();
        }
    }

    private static void assertChained(List<StatusChange> changes) {
        for (int i = 1; i < changes.size(); i++) {
            assertThat(changes.get(i).from()).isEqualTo(changes.get(i - 1).to());
        }
    }
}
