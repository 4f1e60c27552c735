package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.testkit.CapturedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R10 and R15: nothing that fails once silences the stream of events, and its order is kept. */
class EventDispatcherTest {
    private final List<Integer> told = new ArrayList<>();
    private final Fallible executor = new Fallible();
    private final EventDispatcher events = new EventDispatcher(executor, new FakeTime());

    static Stream<Throwable> failures() {
        return Stream.of(
                new RejectedExecutionException("full"), new InternalError("no memory"), new StackOverflowError());
    }

    @ParameterizedTest // R10e
    @MethodSource("failures")
    void after_a_delivery_for_which_there_was_no_thread_the_next_event_and_those_before_it_are_told(Throwable failure) {
        executor.failure = failure;
        say(1);
        say(2);
        assertThat(executor.tasks).isEmpty();

        executor.failure = null;
        say(3);
        executor.runAll();

        assertThat(told).containsExactly(1, 2, 3);
    }

    @ParameterizedTest // R15c
    @MethodSource("failures")
    void an_executor_that_accepts_and_throws_has_each_event_told_once_and_in_order(Throwable failure) {
        executor.accepts = true;
        executor.failure = failure;
        say(1);
        events.say(log -> {
            executor.runAll(); // a second delivery begins while the first goes on
            told.add(2);
        });
        say(3);

        executor.runAll();

        assertThat(told).containsExactly(1, 2, 3);
    }

    @Test // R10f
    void a_caller_whose_stack_overflows_silences_nobody() throws Exception {
        say(0); // the JDK links lambdas once, and for good if the stack is too short for that
        executor.runAll();

        for (int round = 0; round < 20; round++) {
            NarrowStack.overflows(() -> say(1));
            executor.runAll();
            told.clear();

            say(2);
            executor.runAll();

            assertThat(told).containsExactly(2);
        }
    }

    @Test // R15k
    void a_change_that_cannot_be_made_for_want_of_memory_stays_in_its_place_and_is_tried_again() {
        AtomicInteger shortages = new AtomicInteger();
        events.onShortage(shortages::incrementAndGet);
        events.changed(
                new Outbox("db", CheckOptions.initial(Duration.ofSeconds(1))), null, neverMade(), unmade(), 0, false);
        say(2);

        executor.runAll();
        assertThat(shortages).hasValue(1);

        events.retry();
        executor.runAll();
        assertThat(shortages).hasValue(2);
        assertThat(told).isEmpty();
    }

    private static CheckReport neverMade() {
        return new CheckReport(
                new CheckReport.Subject(
                        "db", CheckOptions.initial(Duration.ofMillis(900)), new History(), System::nanoTime),
                Verdict.none(Status.DOWN, "gone", "gone"),
                true);
    }

    /** Makes each attempt fail, as a full heap does for a while. */
    @SuppressWarnings("NullAway") // to fail is its purpose
    private static Instant unmade() {
        return null;
    }

    @Test // R15j
    void of_the_lines_of_the_registry_that_wait_the_oldest_are_dropped_and_counted() {
        try (var log = new CapturedLog()) {
            for (int i = 0; i < 64 + 3; i++) {
                say(i);
            }
            executor.runAll();

            assertThat(log.messages())
                    .containsExactly("3 lines lost: the log or a listener is too slow, or memory ran short");
            assertThat(told).hasSize(64).startsWith(3).endsWith(66);
        }
    }

    @Test // R15d
    void an_event_whose_line_throws_keeps_no_later_one_from_being_told() {
        events.say(log -> {
            throw new InternalError("no memory");
        });
        say(2);

        executor.runAll();

        assertThat(told).containsExactly(2);
    }

    private void say(int number) {
        events.say(log -> told.add(number));
    }

    /** Runs what it is given only when told, if at all. */
    private static final class Fallible implements Executor {
        final Queue<Runnable> tasks = new ArrayDeque<>();
        boolean accepts;

        @Nullable
        Throwable failure;

        @Override
        public void execute(Runnable task) {
            if (failure == null || accepts) {
                tasks.add(task);
            }
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
        }

        void runAll() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }
}
