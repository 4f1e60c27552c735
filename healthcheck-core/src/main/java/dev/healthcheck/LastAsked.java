package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * When somebody last asked for each probe, and until when the next question is expected. Thread-safe. Every report notes
 * itself here, so that costs one ordered write and no lock; of questions at the same moment any one counts.
 */
final class LastAsked {
    private static final long EXPECTED_FOR = TimeUnit.MINUTES.toNanos(1);
    private static final long EXPECTED_FOR_MOST = TimeUnit.MINUTES.toNanos(15);

    private final Map<Probe, AtomicReference<@Nullable Question>> last = new EnumMap<>(Probe.class);

    LastAsked() {
        for (Probe probe : Probe.values()) {
            last.put(probe, new AtomicReference<>());
        }
    }

    void note(Probe probe, long nanos, Instant date) {
        AtomicReference<@Nullable Question> newest = of(probe);
        Question before = newest.getAcquire();
        long gap = before == null ? 0 : nanos - before.nanos;
        if (gap >= 0) {
            newest.setRelease(new Question(nanos, gap, date));
        }
    }

    Optional<Instant> date(Probe probe) {
        return Optional.ofNullable(of(probe).getAcquire()).map(Question::date);
    }

    /** Returns until when somebody who asks for {@code probe} should ask again; {@code now} if nobody ever did. */
    long expectedUntil(Probe probe, long now) {
        Question newest = of(probe).getAcquire();
        return newest == null ? now : newest.nanos + newest.expectedFor();
    }

    private AtomicReference<@Nullable Question> of(Probe probe) {
        return requireNonNull(last.get(probe));
    }

    /**
     * A question.
     *
     * @param nanos when it was answered, for differences
     * @param gap the time since the question before; zero for the first
     * @param date the date of the same moment
     */
    private record Question(long nanos, long gap, Instant date) {

        /** Returns the time in which one who asks regularly asks again, even if two of three questions are lost. */
        long expectedFor() {
            return Math.max(EXPECTED_FOR, Math.min(3 * Math.min(gap, EXPECTED_FOR_MOST), EXPECTED_FOR_MOST));
        }
    }
}
