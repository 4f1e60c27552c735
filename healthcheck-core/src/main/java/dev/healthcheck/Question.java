package dev.healthcheck;

import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Several checks asked at once, each of which answers when it can. Complete once all have answered; who asked decides
 * how long to wait and then takes what is there.
 */
final class Question {
    /** A run that does next to nothing ends sooner than a parked thread is woken, which takes about as long as this. */
    private static final long NOT_WORTH_PARKING_NANOS = 50_000;

    private final RegisteredCheck[] checks;
    private final AtomicReferenceArray<CheckReport> answers;
    private final AtomicInteger missing;
    private final CompletableFuture<Void> complete = new CompletableFuture<>();

    /** About {@code checks}, of which those with an answer in {@code known} are not asked. */
    Question(RegisteredCheck[] checks, CheckReport[] known) {
        this.checks = checks;
        answers = new AtomicReferenceArray<>(known);
        missing = new AtomicInteger(Collections.frequency(Arrays.asList(known), null));
    }

    /** Asks whoever has not answered; {@code anew}: for a run, even where there is a verdict. */
    void ask(boolean anew, Moment now) {
        for (int i = 0; i < checks.length; i++) {
            if (answers.get(i) == null) {
                checks[i].ask(new Slot(this, i), anew, now);
            }
        }
    }

    /** Waits until complete, but no longer; an interrupt is kept for later. */
    void await(long nanos, Ticker ticker) {
        long until = ticker.nanos() + nanos;
        yieldFor(Math.min(nanos, NOT_WORTH_PARKING_NANOS));
        boolean interrupted = false;
        while (true) {
            try {
                complete.get(until - ticker.nanos(), TimeUnit.NANOSECONDS);
                break;
            } catch (TimeoutException e) {
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw new AssertionError("a question completes normally", e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until complete, but no longer, leaves the processor to whoever else wants it. */
    @SuppressWarnings("ThreadPriorityCheck") // a matter of speed only: whatever a yield does, the wait ends in time
    private void yieldFor(long nanos) {
        long start = System.nanoTime();
        while (!complete.isDone() && System.nanoTime() - start < nanos) {
            Thread.yield();
        }
    }

    /** Completed on a thread that must not be kept, or at once. */
    CompletableFuture<Void> complete() {
        return complete;
    }

    /** The answers, where {@code pending} stands for those not given. To be called once; later answers are ignored. */
    CheckReport[] answers(Status pending, Moment now) {
        CheckReport[] result = new CheckReport[checks.length];
        for (int i = 0; i < checks.length; i++) {
            CheckReport answer = answers.get(i);
            if (answer == null) {
                checks[i].forget(new Slot(this, i), now);
                answer = answers.get(i);
            }
            result[i] = answer == null ? checks[i].unanswered(pending) : answer;
        }
        return result;
    }

    private void answer(int slot, CheckReport report) {
        if (answers.compareAndSet(slot, null, report)) {
            oneLess();
        }
    }

    private void oneLess() {
        if (missing.decrementAndGet() == 0) {
            complete.complete(null);
        }
    }

    /** Where one check answers. */
    record Slot(Question question, int index) {
        void answer(CheckReport report) {
            question.answer(index, report);
        }

        /** There will be no answer. */
        void noAnswer() {
            question.oneLess();
        }

        // Written out: those that the JDK would make for a record keep its class loader for good, on JDK 17.

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Slot that && question == that.question && index == that.index;
        }

        @Override
        public int hashCode() {
            return 31 * question.hashCode() + index;
        }
    }
}
