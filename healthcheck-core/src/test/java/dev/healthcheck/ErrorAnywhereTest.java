package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.VirtualRegistry.Switchable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * R10 and R6: one Error, out of whatever call the engine makes to time, threads or clock, costs one verdict at most. The
 * same story is told once for each such call, which throws; afterwards everything goes on.
 */
class ErrorAnywhereTest {

    @Test // R10d, R10e
    void one_error_from_any_call_to_threads_reaches_no_caller_and_ends_neither_check_nor_schedule_nor_events() {
        Map<String, Integer> calls = calls();
        assertThat(calls.keySet()).contains("execute", "execute, after accepting", "soon");

        for (String kind : List.of("execute", "execute, after accepting", "soon")) {
            for (int nth = 1; nth <= calls.get(kind); nth++) {
                Story story = new Story(kind, nth);
                story.tell();
                assertThat(story.thrownToCallers).as(story.toString()).isEmpty();
                story.verifyThatAllGoesOn();
            }
        }
    }

    @Test // R10d, R10e, R10f
    void one_error_from_any_call_to_time_or_clock_may_reach_the_caller_and_changes_nothing_for_others() {
        Map<String, Integer> calls = calls();

        for (String kind : List.of("nanos", "alarm", "callBy", "jittered", "instant")) {
            assertThat(calls.get(kind)).as("calls of " + kind).isPositive();
            for (int nth = 1; nth <= calls.get(kind); nth++) {
                Story story = new Story(kind, nth);
                story.tell();
                story.verifyThatAllGoesOn();
            }
        }
    }

    /** Returns how many calls of each kind the story makes. */
    private static Map<String, Integer> calls() {
        Story undisturbed = new Story("nothing", 0);
        undisturbed.tell();
        undisturbed.verifyThatAllGoesOn();
        return undisturbed.calls;
    }

    /** Checks are registered, asked, run, overdue and well again, while one call throws. */
    private static final class Story {
        final Map<String, Integer> calls = new TreeMap<>();
        final List<Throwable> thrownToCallers = new ArrayList<>();
        private final String failing;
        private final int nth;
        private final FakeTime time = new FakeTime();
        private final FakeWorkers fake = new FakeWorkers();
        private final Switchable demanded = new Switchable();
        private final Switchable scheduled = new Switchable();
        private final Switchable later = new Switchable();
        private final List<StatusChange> changes = new ArrayList<>();
        private final List<CompletableFuture<HealthReport>> answers = new ArrayList<>();
        private final HealthCheckRegistry registry;
        private boolean told;

        Story(String failing, int nth) {
            this.failing = failing;
            this.nth = nth;
            InstantSource clock = () -> {
                call("instant");
                return time.instant();
            };
            AtomicReference<HealthCheckRegistry> built = new AtomicReference<>();
            Timer timer = new FailingTime();
            FailingWorkers workers = new FailingWorkers();
            attempt(() -> built.set(HealthCheckRegistry.builder()
                    .clock(clock)
                    .internals(timer, workers)
                    .build()));
            if (built.get() == null) {
                built.set(HealthCheckRegistry.builder()
                        .clock(clock)
                        .internals(timer, workers)
                        .build());
            }
            registry = built.get();
            registry.addListener(changes::add);
        }

        void tell() {
            register("demanded", demanded, null);
            register("scheduled", scheduled, ofSeconds(1));
            ask();
            pass(ofMillis(500));
            ask();
            pass(ofSeconds(2));
            demanded.answer = CheckResult.down("no");
            scheduled.answer = CheckResult.down("no");
            ask();
            pass(ofSeconds(2));
            hang(ofSeconds(2));
            demanded.answer = CheckResult.up();
            scheduled.answer = CheckResult.up();
            ask();
            pass(ofSeconds(3));
            told = true;
        }

        void verifyThatAllGoesOn() {
            pass(ofSeconds(2));
            ask();
            pass(ofSeconds(1));
            assertThat(answers).as(toString()).allSatisfy(answer -> assertThat(answer)
                    .isCompleted());

            int runs = scheduled.runs.get();
            pass(ofMillis(1100));
            assertThat(scheduled.runs.get()).as(this + ": the schedule goes on").isGreaterThan(runs);

            HealthReport report = answer();
            assertThat(report.checks()).as(toString()).hasSize(2).allSatisfy(check -> {
                assertThat(check.status()).isEqualTo(Status.UP);
                assertThat(check.runningFor()).isNull();
            });

            changes.clear();
            scheduled.answer = CheckResult.down("no");
            pass(ofMillis(1100));
            assertThat(changes)
                    .as(this + ": is told of")
                    .extracting(StatusChange::to)
                    .contains(Status.DOWN);

            register("later", later, ofSeconds(1));
            pass(ofMillis(1));
            assertThat(later.runs).as(this + ": later checks").hasValue(1);
            registry.close();
        }

        @Override
        public String toString() {
            return "call " + nth + " of " + failing;
        }

        /** Somebody whose registration fails tries again. */
        private void register(String name, HealthCheck check, @Nullable Duration every) {
            for (int i = 0; i < 2; i++) {
                boolean done = attempt(() -> registry.register(name, check, o -> every == null ? o : o.every(every)));
                if (done) {
                    return;
                }
            }
        }

        private void ask() {
            attempt(() -> answers.add(registry.checkAsync()));
            for (String name : List.of("demanded", "scheduled")) {
                attempt(() -> assertThat(registry.checkAsync(name)).isNotNull());
            }
        }

        private HealthReport answer() {
            CompletableFuture<HealthReport> answer = registry.checkAsync();
            fake.runAll();
            assertThat(answer).as(toString()).isCompleted();
            return answer.join();
        }

        private void pass(Duration length) {
            runAll();
            time.advance(length, this::runAll);
            runAll();
        }

        private void hang(Duration length) {
            ask();
            attempt(fake::beginAll);
            time.advance(length, fake::runAllButChecks);
        }

        private void runAll() {
            attempt(fake::runAll);
            attempt(fake::runAll);
        }

        /** As threads do that are not the engine's: what is thrown at them is theirs. */
        private boolean attempt(Runnable task) {
            try {
                task.run();
                return true;
            } catch (Injected e) {
                thrownToCallers.add(e);
                return false;
            }
        }

        private void call(String kind) {
            int count = calls.merge(kind, 1, Integer::sum);
            if (kind.equals(failing) && count == nth && !told) {
                throw new Injected();
            }
        }

        private final class FailingWorkers extends Workers {
            @Override
            public void execute(Runnable task) {
                call("execute");
                fake.execute(task);
                call("execute, after accepting");
            }

            @Override
            void soon(Runnable task) {
                call("soon");
                fake.soon(task);
            }
        }

        private final class FailingTime implements Timer {
            @Override
            public long nanos() {
                call("nanos");
                return time.nanos();
            }

            @Override
            public Alarm alarm(Runnable task) {
                call("alarm");
                Alarm alarm = time.alarm(() -> attempt(task));
                return new Alarm() {
                    @Override
                    public void callBy(long at) {
                        call("callBy");
                        alarm.callBy(at);
                    }

                    @Override
                    public void close() {
                        alarm.close();
                    }
                };
            }

            @Override
            public void retry() {}

            @Override
            public long jittered(long nanos) {
                call("jittered");
                return nanos;
            }

            @Override
            public void close() {}
        }
    }

    /** No OutOfMemoryError, for which the test engine would give up at once. */
    private static final class Injected extends Error {
        private static final long serialVersionUID = 1;
    }
}
