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
 * The answers of several checks that are asked at once, each of which answers when it can. Complete once all that were
 * asked have answered. The caller decides how long to wait, and then takes what is there. Thread-safe, but for
 * {@link #ask}, which is called once and before anything else.
 */
final class PendingAnswers {
    /** A run that does next to nothing ends sooner than a parked thread is woken, which takes about as long as this. */
    private static final long NOT_WORTH_PARKING_NANOS = 50_000;

    /** The number of checks that are asked between two looks at the time. */
    private static final int ASKED_AT_ONCE = 64;

    /** Stands for the waiter once nobody needs to be woken any more. */
    private static final Object COMPLETE = new Object();

    private final RegisteredCheck[] checks;
    private final @Nullable Probe probe;
    private final AtomicReferenceArray<CheckReport> answers;
    private final AtomicInteger missing;
    /** Null, or the {@link Thread} that waits, or the {@link Reply} that is to be given; in the end COMPLETE. */
    private final AtomicReference<@Nullable Object> waiter = new AtomicReference<>();
    /** The index from which on no check was asked, for want of time. */
    private int firstUnasked;

    private int unasked;

    /** Creates the answers of {@code checks}. {@link #ask} leaves out those with an answer in {@code known}. */
    PendingAnswers(@Nullable Probe probe, RegisteredCheck[] checks, CheckReport[] known) {
        this.probe = probe;
        this.checks = checks;
        answers = new AtomicReferenceArray<>(known);
        missing = new AtomicInteger(Collections.frequency(Arrays.asList(known), null));
        firstUnasked = checks.length;
    }

    /** Asks the checks without an answer, until {@code until}. With {@code forceRun} a verdict at hand is no answer. */
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
        firstUnasked = from;
        for (int i = from; i < checks.length; i++) {
            if (answers.get(i) == null) {
                unasked++;
            }
        }
        if (unasked > 0 && missing.addAndGet(-unasked) == 0) {
            finish(null);
        }
    }

    /** Returns the number of checks that were not asked, for want of time. */
    int unasked() {
        return unasked;
    }

    String unaskedInWords() {
        return String.format(Locale.ROOT, "not asked in time: %,d of %,d checks", unasked, checks.length);
    }

    /** Waits until this is complete, but no longer than {@code nanos}; keeps an interrupt for later. */
    void await(long nanos, Ticker ticker) {
        long until = ticker.nanos() + nanos;
        yieldFor(Math.min(nanos, NOT_WORTH_PARKING_NANOS));
        boolean interrupted = false;
        if (waiter.compareAndSet(null, Thread.currentThread())) {
            for (long left; !isComplete() && (left = until - ticker.nanos()) > 0; ) {
                LockSupport.parkNanos(this, left);
                interrupted |= Thread.interrupted();
            }
            waiter.set(COMPLETE);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves the processor to other threads until this is complete, but no longer than {@code nanos}. */
    @SuppressWarnings("ThreadPriorityCheck") // a matter of speed only: whatever a yield does, the wait ends in time
    private void yieldFor(long nanos) {
        long start = System.nanoTime();
        while (!isComplete() && System.nanoTime() - start < nanos) {
            Thread.yield();
        }
    }

    boolean isComplete() {
        return waiter.get() == COMPLETE;
    }

    /** Keeps {@code reply}, which is given when this is complete. Returns false if it is complete already. */
    boolean giveWhenComplete(Reply<?> reply) {
        return waiter.compareAndSet(null, reply);
    }

    /** Returns the answers by now; {@code pending} is the status of checks without one. Later answers are ignored. */
    CheckReport[] answers(Status pending, TimePoint now) {
        CheckReport[] result = new CheckReport[checks.length];
        String words = unasked == 0 ? "" : unaskedInWords();
        for (int i = 0; i < checks.length; i++) {
            CheckReport answer = answers.get(i);
            if (answer == null) {
                answer = i < firstUnasked
                        ? checks[i].conclude(new Slot(this, i), probe, pending, now)
                        : checks[i].unasked(pending, words);
            }
            result[i] = answer;
        }
        return result;
    }

    private @Nullable Reply<?> set(int index, CheckReport report, @Nullable Reply<?> others) {
        return answers.compareAndSet(index, null, report) ? countDown(others) : others;
    }

    private @Nullable Reply<?> countDown(@Nullable Reply<?> others) {
        return missing.decrementAndGet() == 0 ? finish(others) : others;
    }

    /**
     * Wakes a waiting thread. Returns the replies that are to be given now: the waiting one, if any, and the others.
     */
    private @Nullable Reply<?> finish(@Nullable Reply<?> others) {
        Object waiting = waiter.getAndSet(COMPLETE);
        if (waiting instanceof Thread thread) {
            LockSupport.unpark(thread);
        }
        return waiting instanceof Reply<?> reply ? reply.before(others) : others;
    }

    /**
     * The place for the answer of one check. Both methods that fill it return the replies that are to be given now,
     * with {@code others} behind them.
     */
    record Slot(PendingAnswers owner, int index) {
        @Nullable
        Reply<?> answer(CheckReport report, @Nullable Reply<?> others) {
            return owner.set(index, report, others);
        }

        /** The check will not answer. */
        @Nullable
        Reply<?> noAnswer(@Nullable Reply<?> others) {
            return owner.countDown(others);
        }

        @Nullable
        CheckReport given() {
            return owner.answers.get(index);
        }

        // Written by hand: on JDK 17 those that the JDK generates for a record keep its class loader for good.

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Slot that && owner == that.owner && index == that.index;
        }

        @Override
        public int hashCode() {
            return 31 * owner.hashCode() + index;
        }
    }
}
