package dev.healthcheck;

import static dev.healthcheck.testkit.CapturedLog.value;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Hang;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** L1 to L21: the log has one line for each change, none for each probe; and what is in it. */
class LogTest {
    private final CapturedLog log = new CapturedLog();
    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable check = new Switchable();

    @BeforeEach
    void register() {
        rig.registry.register("db", check);
    }

    /** A check that fails from its first run on is another case: FirstFailuresTest. */
    private void wellAtFirst() {
        rig.check("db");
        rig.advance(ofSeconds(1));
    }

    @AfterEach
    void detach() {
        log.close();
    }

    @Test // L1, L2
    void the_first_up_is_said_at_debug_and_a_thousand_probes_say_nothing_more() {
        for (int i = 0; i < 1000; i++) {
            rig.readiness();
            rig.advance(ofMillis(500));
        }

        assertThat(log.lines(Level.DEBUG))
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("db is UP");
        assertThat(log.lines(Level.INFO)).isEmpty();
        assertThat(log.lines(Level.WARN)).isEmpty();
        assertThat(log.messages()).filteredOn("ran: db UP"::equals).hasSize(check.runs.get());
    }

    @Test // L3, L8
    void down_is_a_warning_with_its_cause_and_the_ref_of_the_report_as_key_value_pairs() {
        wellAtFirst();
        IllegalStateException cause = new IllegalStateException("no route to 10.0.0.7");
        check.answer = CheckResult.down(cause).withReason("unreachable");

        CheckReport report = rig.check("db");

        assertThat(log.lines(Level.WARN)).hasSize(1);
        ILoggingEvent line = log.lines(Level.WARN).get(0);
        assertThat(line.getLoggerName()).isEqualTo("dev.healthcheck");
        assertThat(value(line, "health.check")).isEqualTo("db");
        assertThat(value(line, "health.status")).isEqualTo(Status.DOWN);
        assertThat(value(line, "health.reason")).isEqualTo("unreachable");
        assertThat(value(line, "health.duration_ms")).isEqualTo(0.0);
        assertThat(value(line, "health.from")).isEqualTo(Status.UP);
        assertThat(value(line, "health.failures")).isEqualTo(1);
        assertThat(value(line, "health.ref")).isEqualTo(report.ref()).isNotNull();
        assertThat(((ThrowableProxy) line.getThrowableProxy()).getThrowable()).isSameAs(cause);
        assertThat(line.getFormattedMessage())
                .isEqualTo(
                        "db is DOWN (unreachable), was UP: java.lang.IllegalStateException: no route to 10.0.0.7 [ref "
                                + report.ref() + "]");
    }

    @Test // L1, L7
    void down_that_stays_down_says_nothing_more_and_keeps_its_ref() {
        wellAtFirst();
        check.answer = CheckResult.down("gone");
        String ref = rig.check("db").ref();

        for (int i = 0; i < 40; i++) {
            rig.advance(ofSeconds(1));
            assertThat(rig.check("db").ref()).isEqualTo(ref);
        }

        assertThat(log.lines(Level.WARN)).hasSize(1);
        assertThat(log.lines(Level.INFO)).isEmpty();
    }

    @Test // L1, L7
    void another_reason_is_another_line_with_another_ref() {
        wellAtFirst();
        check.answer = CheckResult.down("a").withReason("auth");
        String first = rig.check("db").ref();
        rig.advance(ofSeconds(1));
        check.answer = CheckResult.down("b").withReason("unreachable");
        String second = rig.check("db").ref();

        assertThat(second).isNotEqualTo(first);
        assertThat(log.lines(Level.WARN))
                .extracting(line -> value(line, "health.ref"))
                .containsExactly(first, second);
    }

    @Test // L4
    void recovery_is_told_at_info_with_how_long_and_how_many_runs_failed() {
        wellAtFirst();
        check.answer = CheckResult.down("gone").withReason("unreachable");
        rig.check("db");
        rig.advance(ofSeconds(30));
        rig.check("db");
        rig.advance(ofSeconds(12));
        check.answer = CheckResult.up();
        rig.check("db");

        assertThat(log.lines(Level.INFO)).hasSize(1);
        ILoggingEvent line = log.lines(Level.INFO).get(0);
        assertThat(line.getFormattedMessage()).isEqualTo("db is UP, was DOWN (unreachable) for 42.0 s, 2 failures");
        assertThat(value(line, "health.status")).isEqualTo(Status.UP);
        assertThat(value(line, "health.ref")).isNull();
    }

    @Test // L4
    void one_failed_run_is_not_many() {
        wellAtFirst();
        check.answer = CheckResult.down("gone");
        rig.check("db");
        rig.advance(ofSeconds(12));
        check.answer = CheckResult.up();
        rig.check("db");

        assertThat(log.lines(Level.INFO))
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("db is UP, was DOWN for 12.0 s, 1 failure");
    }

    @Test // L6
    void reminders_come_after_1_10_and_60_minutes_of_down_and_no_more() {
        wellAtFirst();
        check.answer = CheckResult.down("gone").withReason("unreachable");
        String ref = rig.check("db").ref();

        for (int minute = 0; minute < 180; minute++) {
            for (int i = 0; i < 6; i++) {
                rig.advance(ofSeconds(10));
                rig.check("db");
            }
        }

        assertThat(log.lines(Level.WARN)).hasSize(4);
        assertThat(log.lines(Level.WARN).subList(1, 4))
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "db is still DOWN (unreachable), for 1 min, 7 failures: gone [ref " + ref + "]",
                        "db is still DOWN (unreachable), for 10 min, 61 failures: gone [ref " + ref + "]",
                        "db is still DOWN (unreachable), for 1 h, 361 failures: gone [ref " + ref + "]");
    }

    @Test // L1, L3, L4, L6
    void an_outage_of_61_minutes_is_five_lines() {
        wellAtFirst();
        check.answer = CheckResult.down("gone").withReason("unreachable");
        for (int second = 0; second < 61 * 60; second++) {
            rig.check("db");
            rig.advance(ofSeconds(1));
        }
        check.answer = CheckResult.up();
        rig.check("db");

        assertThat(log.lines.stream().filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO)))
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(5)
                .startsWith("db is DOWN (unreachable), was UP: gone [ref "
                        + value(log.lines(Level.WARN).get(0), "health.ref") + "]")
                .endsWith("db is UP, was DOWN (unreachable) for 1 h 1 min, 3660 failures");
    }

    @Test // L21
    void a_check_that_is_unregistered_while_it_is_not_well_is_one_line_at_info() {
        wellAtFirst();
        check.answer = CheckResult.down("gone").withReason("unreachable");
        Registration other = rig.registry.register("other", check);
        rig.check("other");
        rig.advance(ofSeconds(90));

        other.close();
        rig.workers.runAll();

        ILoggingEvent line = log.lines.get(log.lines.size() - 1);
        assertThat(line.getLevel()).isEqualTo(Level.INFO);
        assertThat(line.getFormattedMessage())
                .isEqualTo("other is unregistered, was DOWN (unreachable) for 1 min 30 s");
        assertThat(value(line, "health.check")).isEqualTo("other");
        assertThat(value(line, "health.from")).isEqualTo(Status.DOWN);
        assertThat(value(line, "health.status")).isNull();
    }

    @Test // L21
    void a_check_that_is_unregistered_while_it_is_well_is_no_line() {
        Registration other = rig.registry.register("other", check);
        rig.check("other");
        int before = log.lines.size();

        other.close();
        rig.workers.runAll();

        assertThat(log.lines).hasSize(before);
    }

    @Test // L21
    void a_check_that_is_unregistered_before_the_log_says_that_it_is_well_again_is_one_line() {
        Registration other = rig.registry.register("other", check);
        for (int i = 0; i < 7; i++) {
            check.answer = i % 2 == 0 ? CheckResult.up() : CheckResult.down("gone");
            rig.check("other");
            rig.advance(ofSeconds(1));
        }

        other.close();
        rig.workers.runAll();

        assertThat(log.messages()).endsWith("other is unregistered, was UP for 1.0 s");
    }

    @Test // L6
    void a_check_that_hangs_is_reminded_of_too() {
        wellAtFirst();
        rig.begin();
        rig.advanceWhileHanging(ofMillis(800));
        for (int i = 0; i < 70; i++) {
            rig.advanceWhileHanging(ofSeconds(1));
            rig.checkWhileHanging("db");
        }

        assertThat(log.lines(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(text -> text.contains("is still DOWN (timeout)"))
                .hasSize(1);
    }

    @Test // L11
    void once_draining_nothing_is_said_above_info() {
        rig.registry.drain();
        check.answer = CheckResult.down("the pool is closed");
        rig.check("db");
        rig.advance(ofMinutes(2));
        rig.check("db");

        assertThat(log.lines(Level.WARN)).isEmpty();
        assertThat(log.lines(Level.INFO))
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(3)
                .anyMatch(text -> text.startsWith("draining"))
                .anyMatch(text -> text.startsWith("db is DOWN"))
                .anyMatch(text -> text.startsWith("db is still DOWN"));
    }

    @Test // L11
    void what_fails_because_the_registry_closes_is_not_said_above_info() {
        Queue<Runnable> runs = new ArrayDeque<>();
        Workers atOnce = new Workers() {
            @Override
            public void execute(Runnable run) {
                runs.add(run);
            }

            @Override
            void soon(Runnable task) {
                task.run();
            }
        };
        HealthCheckRegistry registry =
                HealthCheckRegistry.builder().internals(new FakeTime(), atOnce).build();
        registry.register("pool", new ClosingCheck(() -> runs.forEach(Runnable::run)));
        registry.register("db", () -> CheckResult.down("the pool is closed"));
        CompletableFuture<HealthReport> unanswered = registry.checkAsync(Probe.READINESS);

        registry.close();

        assertThat(unanswered).isCompleted();
        assertThat(log.lines(Level.WARN)).isEmpty();
        assertThat(log.lines(Level.INFO))
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith("db is DOWN: the pool is closed");
    }

    @Test // L12
    void a_timer_that_was_late_is_named() {
        wellAtFirst();
        rig.begin();
        rig.time.pause(Duration.ofMillis(2700));
        rig.workers.runAllButChecks();

        assertThat(log.lines(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .endsWith("(timer 1.9 s late: pause or CPU limit)");
    }

    @Test // L12
    void a_timer_that_was_hardly_late_is_not() {
        wellAtFirst();
        rig.begin();
        rig.time.pause(Duration.ofMillis(900));
        rig.workers.runAllButChecks();

        assertThat(log.lines(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .doesNotContain("late");
    }

    @Test // L9
    void a_message_cannot_forge_a_line() {
        wellAtFirst();
        check.answer = CheckResult.down("gone\r\n12:00:00 INFO db is UP\u0085and\u2028so\u2029on\u001b[2J {} %d");

        rig.check("db");

        assertThat(log.lines(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith("db is DOWN, was UP: gone 12:00:00 INFO db is UP and so on [2J {} %d [ref ");
    }

    @Test // L9
    void a_message_cannot_turn_its_line_around_but_keeps_the_joiners_of_scripts_and_emoji() {
        wellAtFirst();
        check.answer = CheckResult.down(
                "a\u202eb\u2066\u2069c\u200ed\ufeffe \u0645\u06cc\u200c\u062e \ud83d\udc69\u200d\ud83d\udcbb");

        rig.check("db");

        assertThat(log.lines(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith(
                        "db is DOWN, was UP: a b c d e \u0645\u06cc\u200c\u062e \ud83d\udc69\u200d\ud83d\udcbb [ref ");
    }

    @Test // L8
    void how_long_a_run_took_is_told_in_milliseconds() {
        rig.registry.register("slow", () -> {
            rig.time.advance(Duration.ofNanos(12_500_000));
            return CheckResult.down("gone");
        });

        rig.check("slow");

        assertThat(value(log.lines(Level.INFO).get(0), "health.duration_ms")).isEqualTo(12.5);
    }

    @Test // L13
    void a_check_that_cannot_be_closed_is_a_warning() {
        class Clingy implements HealthCheck, AutoCloseable {
            @Override
            public CheckResult check() {
                return CheckResult.up();
            }

            @Override
            public void close() {
                throw new IllegalStateException("in use");
            }
        }
        Registration registration = rig.registry.register("clingy", new Clingy());

        registration.close();
        rig.workers.runAll();

        assertThat(log.lines(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "clingy: close() of the check failed; the check is unregistered, but what it has not released"
                                + " stays open");
    }

    @Test // R7e, L4
    void a_check_that_was_stale_is_told_to_be_up_again_and_for_how_long_it_was_not() {
        rig.registry.register("disk", check, o -> o.every(ofSeconds(10)).timeout(ofSeconds(2)));
        rig.advance(Duration.ZERO);
        rig.time.pause(Duration.ofMinutes(1));
        rig.begin();
        rig.advanceWhileHanging(ofMillis(900));
        rig.workers.runAll();

        assertThat(log.messages())
                .filteredOn(line -> line.startsWith("disk is"))
                .anyMatch(
                        line -> line.startsWith("disk is DOWN (stale), was UP: no run has ended for more than 32.0 s"))
                .anyMatch(line -> line.startsWith("disk is UP, was DOWN (stale) for 28.9 s"));
    }

    @Test // L10
    void a_lost_thread_is_told_of_once_however_often_its_replacement_gets_no_thread() {
        rig.begin();
        rig.advanceWhileHanging(ofMillis(800));
        rig.workers.refuse(true);
        for (int i = 0; i < 5; i++) {
            rig.advanceWhileHanging(ofSeconds(60));
        }

        assertThat(log.messages())
                .filteredOn(line -> line.contains("its thread is lost"))
                .hasSize(1);
    }

    @Test // L10
    void each_lost_thread_is_told_of_and_whether_another_run_is_tried() {
        wellAtFirst();
        rig.begin();
        rig.advanceWhileHanging(Duration.ofHours(1));

        String lost = "db: a run does not return, its thread is lost; ";
        assertThat(log.lines(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(text -> text.contains("lost"))
                .containsExactly(
                        lost + "the registry tries another run",
                        lost + "the registry tries another run",
                        lost + "the registry tries no other run until one returns");
    }

    @Test // L10
    void a_lost_thread_is_told_of_once_with_its_stack() throws Exception {
        Hang hang = new Hang();
        rig.registry.register("hanging", hang);
        rig.registry.checkAsync("hanging").isDone();
        Thread lost = new Thread(rig.workers::runNewest);
        lost.start();
        hang.awaitBegun();

        rig.advanceWhileHanging(ofMillis(800));
        rig.advanceWhileHanging(ofSeconds(59));
        assertThat(log.messages()).noneMatch(text -> text.contains("lost"));
        rig.advanceWhileHanging(ofSeconds(1));
        rig.advanceWhileHanging(ofSeconds(1));

        ILoggingEvent line = log.lines(Level.WARN).stream()
                .filter(said -> said.getFormattedMessage().contains("thread is lost"))
                .reduce((one, other) -> {
                    throw new AssertionError("told of twice");
                })
                .orElseThrow();
        assertThat(value(line, "health.check")).isEqualTo("hanging");
        assertThat(((ThrowableProxy) line.getThrowableProxy()).getThrowable().getStackTrace())
                .extracting(StackTraceElement::getClassName)
                .contains(Hang.class.getName());
        hang.release();
        lost.join();
    }

    @Test // L10
    void whether_a_lost_run_is_on_its_stage_is_asked_when_the_line_is_written_like_the_stack() {
        Queue<Runnable> deliveries = new ArrayDeque<>();
        EventDispatcher events = new EventDispatcher(deliveries::add, new FakeTime());
        AtomicBoolean onStage = new AtomicBoolean();

        events.threadLost(
                new Outbox("db", CheckOptions.initial(Duration.ofSeconds(1))), "search", onStage::get, List::of, true);
        onStage.set(true);
        deliveries.remove().run();

        assertThat(log.messages())
                .containsExactly("search: the stage of a run does not complete; the registry tries another run");
    }

    @Test // L13
    void empty_readiness_is_said_once_and_only_when_it_is_up() {
        VirtualRegistry draining = new VirtualRegistry();
        draining.registry.drain();
        draining.registry.check(Probe.READINESS);
        draining.workers.runAll();
        assertThat(log.lines(Level.WARN)).isEmpty();

        VirtualRegistry empty = new VirtualRegistry();
        for (int i = 0; i < 3; i++) {
            empty.registry.check(Probe.READINESS);
        }
        empty.workers.runAll();
        assertThat(log.lines(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("readiness is UP although no check is registered for it");
    }

    @Test // L13
    void a_dependency_in_startup_is_a_warning() {
        rig.registry.register("migrations", check, o -> o.dependency().probes(Probe.STARTUP));
        rig.workers.runAll();

        assertThat(log.lines(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith("migrations is a dependency and a startup check");
    }

    /** Takes what others use with it. */
    private record ClosingCheck(Runnable closing) implements HealthCheck, AutoCloseable {
        @Override
        public CheckResult check() {
            return CheckResult.up();
        }

        @Override
        public void close() {
            closing.run();
        }
    }
}
