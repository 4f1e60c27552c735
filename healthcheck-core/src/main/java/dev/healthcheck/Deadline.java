package dev.healthcheck;

import java.time.Duration;

/** A point in time after which an answer is of no use. Immutable, thread-safe, indifferent to changes of the date. */
public final class Deadline {
    private final Ticker ticker;
    private final long at;

    Deadline(Ticker ticker, long at) {
        this.ticker = ticker;
        this.at = at;
    }

    /**
     * A deadline that far from now, for calling a check directly and for splitting one's own time.
     *
     * @param duration from now; zero or less is a deadline that has passed
     * @return the deadline
     */
    public static Deadline after(Duration duration) {
        return new Deadline(System::nanoTime, System.nanoTime() + Nanos.of(duration));
    }

    /**
     * The time left, never negative.
     *
     * @return zero once the deadline has passed
     */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, at - ticker.nanos()));
    }

    @Override
    public String toString() {
        return "in " + remaining();
    }
}
