package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A caller whose stack ends within a call of ours gets a StackOverflowError, and has changed nothing. */
@Timeout(
        value = 60,
        threadMode = ThreadMode.SEPARATE_THREAD) // a run that is lost would be waited for, interrupted or not
class EnoughStackTest {
    private static final int FRAMES = 300;

    private final AtomicInteger next = new AtomicInteger();

    @Test // R10f
    void a_close_that_overflowed_can_be_done_again_and_then_ends_everything() throws Exception {
        List<Subject> subjects = subjects();

        int overflows =
                NarrowStack.overflows(() -> next(subjects).virtual.registry.close());

        assertThat(overflows).isPositive();
        for (Subject subject : subjects) {
            subject.virtual.registry.close();
            subject.virtual.workers.runAll();
            assertThat(subject.check.closed).hasValue(1);
            assertThat(subject.virtual.time.isClosed()).isTrue();
        }
    }

    @Test // R10f
    void an_unregistration_that_overflowed_can_be_done_again_and_then_ends_the_check() throws Exception {
        List<Subject> subjects = subjects();

        int overflows = NarrowStack.overflows(() -> next(subjects).registration.close());

        assertThat(overflows).isPositive();
        for (Subject subject : subjects) {
            subject.registration.close();
            subject.virtual.workers.runAll();
            assertThat(subject.check.closed).hasValue(1);
            assertThat(subject.virtual.registry.check().checks()).isEmpty();
        }
    }

    @Test // R10f
    void a_question_that_overflowed_leaves_no_run_behind_and_the_next_one_is_answered() throws Exception {
        List<Subject> subjects = subjects();
        List<CompletableFuture<HealthReport>> answers = new ArrayList<>();

        int overflows = NarrowStack.overflows(() -> {
            Subject subject = next(subjects);
            answers.add(subject.virtual.registry.checkAsync(Probe.READINESS));
            subject.asked = true;
        });

        assertThat(overflows).isPositive();
        for (Subject subject : subjects) {
            assertThat(subject.virtual.workers.waitingRuns()).isEqualTo(subject.asked ? 1 : 0);
            assertThat(subject.virtual.readiness().status()).isEqualTo(Status.UP);
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompleted());
    }

    @Test // R10f
    void a_run_now_that_overflowed_leaves_no_run_behind_and_the_next_one_is_answered() throws Exception {
        List<Subject> subjects = subjects();

        int overflows = NarrowStack.overflows(() -> {
            Subject subject = next(subjects);
            subject.virtual.workers.runAtOnce(true);
            CheckReport report = subject.registration.runNow();
            subject.asked = report.status() == Status.UP;
        });

        assertThat(overflows).isPositive();
        for (Subject subject : subjects) {
            assertThat(subject.check.runs).hasValue(subject.asked ? 1 : 0);
            assertThat(subject.virtual.workers.waitingRuns()).isZero();
            subject.virtual.workers.runAtOnce(true);
            assertThat(subject.registration.runNow().status()).isEqualTo(Status.UP);
        }
    }

    private Subject next(List<Subject> subjects) {
        return subjects.get(next.getAndIncrement());
    }

    /** One for each frame: none is used again after an overflow. */
    private static List<Subject> subjects() {
        Subject first = new Subject(); // has what is needed loaded
        assertThat(first.virtual.readiness().status()).isEqualTo(Status.UP);
        first.virtual.workers.runAtOnce(true);
        assertThat(first.registration.runNow().status()).isEqualTo(Status.UP);
        first.registration.close();
        first.virtual.registry.close();
        first.virtual.workers.runAll();
        List<Subject> subjects = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            subjects.add(new Subject());
        }
        return subjects;
    }

    private static final class Subject {
        final VirtualRegistry virtual = new VirtualRegistry();
        final Closeable check = new Closeable();
        final Registration registration = virtual.registry.register("db", check, o -> o.cacheFor(Duration.ZERO));
        boolean asked;
    }

    private static final class Closeable implements HealthCheck, AutoCloseable {
        final AtomicInteger runs = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();

        @Override
        public CheckResult check() {
            runs.incrementAndGet();
            return CheckResult.up();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
