package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Faults;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** R15: foreign code that blocks, throws or calls back delays and breaks nothing, and changes are told in order. */
class IsolationTest {
    /** So few that none is dropped because listeners fall behind. */
    private static final int MOST_UNTOLD = 40;

    private final HealthCheckRegistry registry = Patience.builder().build();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void close() {
        released.countDown();
        registry.close();
    }

    @Test // R15c
    void listeners_see_the_changes_of_each_check_in_the_order_in_which_they_happened() throws Exception {
        Map<String, List<StatusChange>> told = new HashMap<>();
        registry.addListener(change ->
                told.computeIfAbsent(change.check(), name -> new ArrayList<>()).add(change));
        AtomicInteger untold = new AtomicInteger();
        registry.addListener(change -> untold.decrementAndGet());
        CountDownLatch allTold = new CountDownLatch(4 * 300);
        registry.addListener(change -> allTold.countDown());
        for (int i = 0; i < 4; i++) {
            AtomicInteger runs = new AtomicInteger();
            registry.register(
                    "check-" + i,
                    () -> {
                        untold.incrementAndGet();
                        return CheckResult.degraded("run").withReason("run-" + runs.incrementAndGet());
                    },
                    o -> o.cacheFor(Duration.ZERO));
        }

        Callers.together(8, () -> {
            for (int i = 0; i < 300; i++) {
                while (untold.get() > MOST_UNTOLD) {
                    Thread.onSpinWait();
                }
                registry.check(Probe.READINESS);
            }
            return true;
        });

        assertThat(allTold.await(20, TimeUnit.SECONDS)).isTrue();
        registry.close();
        assertThat(told).hasSize(4);
        assertThat(told.values()).allSatisfy(changes -> {
            for (int i = 0; i < changes.size(); i++) {
                assertThat(changes.get(i).reason()).isEqualTo("run-" + (i + 1));
            }
        });
    }

    @Test // E2
    void listeners_are_told_on_a_thread_that_says_so() {
        AtomicReference<String> thread = new AtomicReference<>();
        registry.addListener(change -> thread.set(Thread.currentThread().getName()));
        registry.register("db", CheckResult::up);

        registry.check();

        await().untilAsserted(() -> assertThat(thread).hasValue("healthcheck-events"));
    }

    @Test // E4
    void a_listener_that_was_removed_is_told_no_more() {
        VirtualRegistry rig = new VirtualRegistry();
        List<StatusChange> told = new ArrayList<>();
        HealthListener listener = told::add;
        rig.registry.addListener(listener);
        rig.registry.register("before", CheckResult::up);
        rig.check("before");

        rig.registry.removeListener(listener);
        rig.registry.register("after", CheckResult::up);
        rig.check("after");

        assertThat(told).extracting(StatusChange::check).containsExactly("before");
        assertThat(rig.changes).hasSize(2);
    }

    @Test // R15d, E3
    void a_listener_that_throws_even_an_error_silences_nobody() {
        List<StatusChange> told = new CopyOnWriteArrayList<>();
        List<CheckReport> runs = new CopyOnWriteArrayList<>();
        registry.addListener(new Throwing());
        registry.addListener(new HealthListener() {
            @Override
            public void onChange(StatusChange change) {
                told.add(change);
            }

            @Override
            public void onRun(CheckReport report) {
                runs.add(report);
            }
        });
        AtomicReference<CheckResult> answer = new AtomicReference<>(CheckResult.up());
        registry.register("db", answer::get, o -> o.cacheFor(Duration.ZERO));

        try (var log = new CapturedLog()) {
            registry.check(Probe.READINESS);
            answer.set(CheckResult.down("gone"));
            registry.check(Probe.READINESS);

            await().untilAsserted(() -> assertThat(runs).hasSize(2));
            assertThat(told).extracting(StatusChange::to).containsExactly(Status.UP, Status.DOWN);
            assertThat(log.messages().stream().filter(text -> text.endsWith(" threw")))
                    .hasSize(4)
                    .containsOnly("listener dev.healthcheck.IsolationTest$Throwing threw");
        }
    }

    @Test // R15d
    void a_logger_that_throws_silences_no_listener() {
        List<StatusChange> told = new CopyOnWriteArrayList<>();
        registry.addListener(told::add);
        registry.register("db", () -> CheckResult.down("gone"));

        try (var appender = new Appended(line -> {
            throw new IllegalStateException("disk full");
        })) {
            registry.check(Probe.READINESS);

            await().untilAsserted(() -> assertThat(told).hasSize(1));
            assertThat(appender.lines.get()).isPositive();
        }
    }

    @Test // R15d
    void a_line_that_could_not_be_written_is_not_said_to_be_a_listeners_fault() {
        registry.register("db", () -> CheckResult.down("gone"));

        try (var log = new CapturedLog();
                var appender = new Appended(line -> {
                    if (line.getMessage().startsWith("db is DOWN")) {
                        throw new IllegalStateException("disk full");
                    }
                })) {
            registry.check(Probe.READINESS);

            await().untilAsserted(() -> assertThat(log.messages()).contains("a line could not be written to the log"));
            assertThat(log.messages()).noneMatch(text -> text.startsWith("listener"));
            assertThat(appender.lines.get()).isPositive();
        }
    }

    @Test // R15d
    void a_listener_whose_exception_cannot_be_told_is_named_all_the_same() {
        registry.addListener(change -> {
            throw Faults.unspeakable();
        });
        registry.register("db", CheckResult::up);

        try (var log = new CapturedLog()) {
            registry.check(Probe.READINESS);

            await().untilAsserted(() -> assertThat(log.messages())
                    .anyMatch(text -> text.startsWith("listener dev.healthcheck.IsolationTest$$Lambda")
                            && text.contains(" threw: ")));
        }
    }

    @Test // R15a
    void a_listener_that_blocks_delays_no_answer() {
        registry.addListener(change -> awaitQuietly(released));
        registry.register("db", () -> CheckResult.down("gone"), o -> o.cacheFor(Duration.ZERO));
        CompletableFuture<HealthReport> later = null;

        for (int i = 0; i < 50; i++) {
            Patience.assertAnsweredWithin(
                    ofMillis(900), registry.check(Probe.READINESS).duration());
            later = registry.checkAsync(Probe.READINESS);
        }

        assertThat(later).succeedsWithin(ofSeconds(10));
    }

    @Test // R15a
    void a_log_that_blocks_delays_no_answer() {
        registry.register("db", () -> CheckResult.down("gone"), o -> o.cacheFor(Duration.ZERO));

        try (var appender = new Appended(line -> awaitQuietly(released))) {
            for (int i = 0; i < 50; i++) {
                Patience.assertAnsweredWithin(
                        ofMillis(900), registry.check(Probe.READINESS).duration());
            }

            await().untilAsserted(() -> assertThat(appender.lines).hasValue(1));
            released.countDown();
        }
    }

    @Test // R15h, R15i
    void when_a_listener_is_too_slow_changes_are_merged_and_counted_and_the_newest_is_told() {
        List<StatusChange> told = new CopyOnWriteArrayList<>();
        CountDownLatch first = new CountDownLatch(1);
        registry.addListener(change -> {
            told.add(change);
            first.countDown();
            awaitQuietly(released);
        });
        AtomicInteger runs = new AtomicInteger();
        Registration db = registry.register(
                "db",
                () -> CheckResult.degraded("run").withReason("run-" + runs.incrementAndGet()),
                o -> o.cacheFor(Duration.ZERO));
        try (var log = new CapturedLog()) {
            for (int i = 0; i < 3_000; i++) {
                assertThat(db.runNow().status()).isEqualTo(Status.DEGRADED);
            }
            awaitQuietly(first);
            released.countDown();

            await().atMost(ofSeconds(20)).untilAsserted(() -> assertThat(told)
                    .last()
                    .extracting(StatusChange::reason)
                    .isEqualTo("run-3000"));
            assertThat(told).hasSizeBetween(2, 130);
            assertThat(log.messages())
                    .filteredOn(text -> text.matches("[\\d,]+ changes not written one by one.*"))
                    .hasSize(1);
        }
    }

    @Test // R15f
    void a_check_may_call_the_registry_to_register_unregister_and_ask() {
        registry.register("other", CheckResult::up, o -> o.probes(Probe.LIVENESS));
        registry.register("busy", () -> {
            registry.register("child", CheckResult::up).close();
            boolean up = registry.check(Probe.LIVENESS).status() == Status.UP
                    && registry.check("other").isPresent()
                    && registry.check("nobody").isEmpty();
            return up ? CheckResult.up() : CheckResult.down("not so");
        });

        assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
        assertThat(registry.check().checks()).extracting(CheckReport::name).containsExactly("other", "busy");
    }

    @Test // R15f
    void a_check_that_unregisters_itself_is_gone() {
        AtomicReference<Registration> own = new AtomicReference<>();
        own.set(registry.register("last-will", () -> {
            own.get().close();
            return CheckResult.down("too late");
        }));

        HealthReport report = registry.check(Probe.READINESS);

        Patience.assertAnsweredWithin(ofMillis(900), report.duration());
        assertThat(registry.check("last-will")).isEmpty();
    }

    @Test // R15g
    void a_check_that_asks_about_itself_is_told_so_at_once_and_does_not_wait_for_itself() {
        AtomicReference<CheckReport> told = new AtomicReference<>();
        registry.register("other", CheckResult::up);
        registry.register("narcissus", () -> {
            HealthReport all = registry.check();
            told.set(all.checks().get(1));
            return CheckResult.degraded("the other is " + all.checks().get(0).status());
        });

        CheckReport report = registry.check("narcissus").orElseThrow();

        assertThat(report.message()).isEqualTo("the other is UP");
        assertThat(told.get().status()).isEqualTo(Status.DOWN);
        assertThat(told.get().reason()).isEqualTo("asks-itself");
        assertThat(told.get().message()).contains("asked its own registry for itself");
    }

    @Test // R15g
    void a_check_that_asks_for_itself_by_name_or_for_a_later_answer_is_told_so_too() {
        registry.register("by-name", () -> relayed(registry.check("by-name").orElseThrow()));
        registry.registerAsync(
                "later", () -> registry.checkAsync("later").thenApply(report -> relayed(report.orElseThrow())));
        registry.registerAsync("whole", () -> registry.checkAsync()
                .thenApply(all -> relayed(all.checks().get(2))));

        HealthReport report = registry.check();

        assertThat(report.checks()).extracting(CheckReport::message).containsOnly("told: asks-itself");
    }

    private static CheckResult relayed(CheckReport told) {
        return CheckResult.degraded("told: " + told.reason());
    }

    @Test // R15g
    void that_is_said_in_the_log_once_for_each_check() {
        try (CapturedLog log = new CapturedLog()) {
            registry.register(
                    "narcissus",
                    () -> registry.check().status() == Status.UP
                            ? CheckResult.up()
                            : CheckResult.down("not all are UP"),
                    o -> o.cacheFor(Duration.ZERO));
            for (int i = 0; i < 3; i++) {
                assertThat(registry.check().status()).isEqualTo(Status.DOWN);
            }
            await().until(() -> log.messages().stream()
                            .filter(line -> line.startsWith("ran: narcissus"))
                            .count()
                    == 3);

            assertThat(log.messages())
                    .filteredOn(line -> line.contains("asks-itself"))
                    .containsExactly("narcissus asks its own registry for itself during its run;"
                            + " that answer is DOWN (asks-itself)");
        }
    }

    @Test // R15g
    void checks_that_wait_for_each_other_end_at_their_deadlines() {
        registry.register(
                "one",
                () -> CheckResult.degraded("" + registry.check("two").orElseThrow()),
                o -> o.timeout(ofMillis(300)));
        registry.register(
                "two",
                () -> CheckResult.degraded("" + registry.check("one").orElseThrow()),
                o -> o.timeout(ofMillis(300)));

        HealthReport report = registry.check();

        assertThat(report.checks()).extracting(CheckReport::reason).contains("timeout");
        await().until(() -> registry.check().checks().stream().allMatch(check -> check.runningFor() == null));
    }

    @Test // R15a
    void a_detail_that_blocks_or_throws_when_read_is_the_problem_of_its_check() {
        registry.register(
                "blocking",
                () -> CheckResult.up().withDetail("pool", new Object() {
                    @Override
                    public String toString() {
                        awaitQuietly(released);
                        return "pool";
                    }
                }),
                o -> o.timeout(ofMillis(100)));
        registry.register("throwing", () -> CheckResult.up().withDetail("pool", new Object() {
            @Override
            public String toString() {
                throw new StackOverflowError();
            }
        }));

        HealthReport report = registry.check(Probe.READINESS);

        assertThat(report.checks()).extracting(CheckReport::reason).containsExactly("timeout", null);
        assertThat(report.checks().get(1).status()).isEqualTo(Status.UP);
        assertThat((String) report.checks().get(1).details().get("pool")).contains("its toString threw");
    }

    @Test // L9
    void an_exception_that_cannot_be_told_is_logged_all_the_same() {
        List<StatusChange> told = new CopyOnWriteArrayList<>();
        registry.addListener(told::add);
        registry.register("db", Faults.throwing(Faults.unspeakable()));

        try (var log = new CapturedLog()) {
            assertThat(registry.check("db").orElseThrow().reason()).isEqualTo("threw");

            await().untilAsserted(() -> assertThat(told).hasSize(1));
            assertThat(log.messages()).anyMatch(text -> text.startsWith("db is DOWN (threw)"));
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Throwing implements HealthListener {
        @Override
        public void onChange(StatusChange change) {
            throw new StackOverflowError();
        }

        @Override
        public void onRun(CheckReport report) {
            throw new IllegalStateException("bad listener");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("not even a name");
        }
    }

    private interface Line {
        void append(ILoggingEvent line);
    }

    /** Gives each line to foreign code, on the thread that logs, as a full disk or a slow socket would be met there. */
    private static final class Appended extends UnsynchronizedAppenderBase<ILoggingEvent> implements AutoCloseable {
        final AtomicInteger lines = new AtomicInteger();
        private final Logger logger = (Logger) LoggerFactory.getLogger("dev.healthcheck");
        private final Line to;

        Appended(Line to) {
            this.to = to;
            setContext(logger.getLoggerContext());
            start();
            logger.setLevel(Level.INFO);
            logger.addAppender(this);
        }

        @Override
        public void doAppend(ILoggingEvent line) {
            append(line);
        }

        @Override
        protected void append(ILoggingEvent line) {
            lines.incrementAndGet();
            to.append(line);
        }

        @Override
        public void close() {
            logger.detachAppender(this);
            logger.setLevel(null);
        }
    }
}
