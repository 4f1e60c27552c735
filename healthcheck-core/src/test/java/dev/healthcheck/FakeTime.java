package dev.healthcheck;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;

/** Both ways of telling time, which move only when told, and each without the other. For one thread. */
final class FakeTime implements Timer, InstantSource {
    static final Instant START = Instant.parse("2026-01-01T10:00:00Z");

    /** Alarms of the same time are called in the order in which they were made. */
    private final PriorityQueue<FakeAlarm> set = new PriorityQueue<>(
            (a, b) -> a.at == b.at ? Integer.compare(a.number, b.number) : Long.signum(a.at - b.at));

    /** Near the end of the range, so that a comparison that does not subtract is found out. */
    private long nanos = Long.MAX_VALUE - 1_000_000_000L;

    private Instant date = START;
    private boolean closed;
    private boolean stopped;
    private int open;
    private int made;

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return date;
    }

    @Override
    public Alarm alarm(Runnable task) {
        open++;
        return new FakeAlarm(task);
    }

    @Override
    public void retry() {}

    @Override
    public long jittered(long length) {
        return length;
    }

    @Override
    public void close() {
        closed = true;
        set.clear();
    }

    boolean isClosed() {
        return closed;
    }

    /** Alarms that were made and not closed. */
    int openAlarms() {
        return open;
    }

    int wakeups() {
        return set.size();
    }

    /** Moves elapsed time and date, and makes the calls that are due, each at its own time. */
    void advance(Duration by) {
        advance(by, () -> {});
    }

    /** The same, and after each call what others do who have been waiting for it. */
    void advance(Duration by, Runnable others) {
        long until = nanos + by.toNanos();
        Instant dateThen = date.plus(by);
        while (!stopped && !set.isEmpty() && set.peek().at - until <= 0) {
            FakeAlarm next = set.remove();
            long step = Math.max(0, next.at - nanos);
            date = date.plusNanos(step);
            nanos += step;
            next.task.run();
            others.run();
        }
        nanos = until;
        date = dateThen;
    }

    /** Lets time pass as in a pause of the whole process: the timer sees it only when it is over. */
    void pause(Duration length) {
        nanos += length.toNanos();
        date = date.plus(length);
        advance(Duration.ZERO);
    }

    /** Lets elapsed time pass, and calls nothing. */
    void pass(Duration length) {
        nanos += length.toNanos();
    }

    /** From now on nothing is called any more. */
    void stopTimer() {
        stopped = true;
    }

    void setDate(Instant date) {
        this.date = date;
    }

    private final class FakeAlarm implements Alarm {
        private final Runnable task;
        private final int number = made++;
        private long at;
        private boolean ended;

        FakeAlarm(Runnable task) {
            this.task = task;
        }

        @Override
        public void callBy(long time) {
            boolean earlier = set.contains(this) && at - time <= 0;
            if (!closed && !ended && !earlier) {
                set.remove(this);
                at = time;
                set.add(this);
            }
        }

        @Override
        public void close() {
            open -= ended ? 0 : 1;
            ended = true;
            set.remove(this);
        }
    }
}
