package dev.healthcheck;

import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Several checks asked at once, each of which answers when it can. Complete once all that were asked have answered; who
 * asked decides how long to wait and then takes what is there.
 */
final class PendingAnswers {
    /** A run that does next to nothing ends sooner than a parked thread is woken, which takes about as long as this. */
    private static final long NOT_WORTH_PARKING_NANOS = 50_000;

    /** After so many checks it is time to look at the time. */
    private static final int ASKED_AT_ONCE = 64;

    private final RegisteredCheck[] checks;
    private final @Nullable Probe probe;
    private final AtomicReferenceArray<CheckReport> answers;
    private final AtomicInteger missing;
    /** Who is to be told: null for nobody, a thread that waits, a reply; this at the end. */
    private final AtomicReference<@Nullable Object> waiter = new AtomicReference<>();
    /** From this one on none was asked, for want of time: so many. */
    private int unaskedFrom;

    private int unasked;

    /** About {@code checks}, of which those with an answer in {@code known} are not asked. */
    PendingAnswers(@Nullable Probe probe, RegisteredCheck[] checks, CheckReport[] known) {
        this.probe = probe;
        this.checks = checks;
        answers = new AtomicReferenceArray<>(known);
        missing = new AtomicInteger(Collections.frequency(Arrays.asList(known), null));
        unaskedFrom = checks.length;
    }

    /**
     * Asks whoever has not answered, as long as there is time; {@code forceRun}: for a run, even where there is a verdict.
     */
    void ask(boolean forceRun, TimePoint asked, long until, RegistryContext context) {
        TimePoint now = asked;
        for (int i = 0; i < checks.length; i++) {
            if (i % ASKED_AT_ONCE == ASKED_AT_ONCE - 1) {
                now = context.now();
                if (now.nanos() - until >= 0) {
                    leaveUnasked(i);
                    return;
                }
            }
            if (answers.get(i) == null) {
                checks[i].ask(new Slot(this, i), forceRun, now);
            }
        }
    }

    private void leaveUnasked(int from) {
        unaskedFrom = from;
        for (int i = from; i < checks.length; i++) {
            if (answers.get(i) == null) {
                unasked++;
            }
        }
        if (unasked > 0 && missing.addAndGet(-unasked) == 0) {
            complete(null);
        }
    }

    /** How many checks were not asked, for want of time. */
    int unasked() {
        return unasked;
    }

    String unaskedInWords() {
        return String.format(Locale.ROOT, "not asked in time: %,d of %,d checks", unasked, checks.length);
    }

    /** Waits until complete, but no longer; an interrupt is kept for later. */
    void await(long nanos, Ticker ticker) {
        long until = ticker.nanos() + nanos;
        yieldFor(Math.min(nanos, NOT_WORTH_PARKING_NANOS));
        boolean interrupted = false;
        if (waiter.compareAndSet(null, Thread.currentThread())) {
            for (long left; !isComplete() && (left = until - ticker.nanos()) > 0; ) {
                LockSupport.parkNanos(this, left);
                interrupted |= Thread.interrupted();
            }
            waiter.set(this);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until complete, but no longer, leaves the processor to whoever else wants it. */
    @SuppressWarnings("ThreadPriorityCheck") // a matter of speed only: whatever a yield does, the wait ends in time
    private void yieldFor(long nanos) {
        long start = System.nanoTime();
        while (!isComplete() && System.nanoTime() - start < nanos) {
            Thread.yield();
        }
    }

    boolean isComplete() {
        return waiter.get() == this;
    }

    /** Has {@code reply} given once this is complete; false if it is already. */
    boolean giveLater(Reply<?> reply) {
        return waiter.compareAndSet(null, reply);
    }

    /** The answers by now, where {@code pending} stands for those not given. Later answers are ignored. */
    CheckReport[] answers(Status pending, TimePoint now) {
        CheckReport[] result = new CheckReport[checks.length];
        String words = unasked == 0 ? "" : unaskedInWords();
        for (int i = 0; i < checks.length; i++) {
            CheckReport answer = answers.get(i);
            if (answer == null) {
                answer = i < unaskedFrom
                        ? checks[i].conclude(new Slot(this, i), probe, pending, now)
                        : checks[i].unasked(pending, words);
            }
            result[i] = answer;
        }
        return result;
    }

    private @Nullable Reply<?> answer(int slot, CheckReport report, @Nullable Reply<?> others) {
        return answers.compareAndSet(slot, null, report) ? oneLess(others) : others;
    }

    private @Nullable Reply<?> oneLess(@Nullable Reply<?> others) {
        return missing.decrementAndGet() == 0 ? complete(others) : others;
    }

    /** Wakes whoever waits. Returns the reply that is to be given now, and behind it the others; null if there is none. */
    private @Nullable Reply<?> complete(@Nullable Reply<?> others) {
        Object notified = waiter.getAndSet(this);
        if (notified instanceof Thread thread) {
            LockSupport.unpark(thread);
        }
        return notified instanceof Reply<?> reply ? reply.before(others) : others;
    }

    /** Where one check answers. Each answer returns the replies that are to be given now, to be added to those before. */
    record Slot(PendingAnswers question, int index) {
        @Nullable
        Reply<?> answer(CheckReport report, @Nullable Reply<?> others) {
            return question.answer(index, report, others);
        }

        /** There will be no answer. */
        @Nullable
        Reply<?> noAnswer(@Nullable Reply<?> others) {
            return question.oneLess(others);
        }

        @Nullable
        CheckReport given() {
            return question.answers.get(index);
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
