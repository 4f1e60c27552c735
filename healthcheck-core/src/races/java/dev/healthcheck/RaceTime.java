package dev.healthcheck;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Elapsed time that moves only when told, for races. It differs from the FakeTime of the tests on purpose: several actors may
 * move it at once; it takes no lock, which would put the actors in an order; and it jumps, so that an alarm is called once,
 * late, on the thread that moves it. Thread-safe.
 */
final class RaceTime implements Timer {
    private static final long UNSET = Long.MAX_VALUE;

    private final AtomicLong nanos = new AtomicLong();
    private final Queue<RaceAlarm> alarms = new ConcurrentLinkedQueue<>();

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Alarm alarm(Runnable task) {
        RaceAlarm alarm = new RaceAlarm(task);
        alarms.add(alarm);
        return alarm;
    }

    @Override
    public void retry() {}

    @Override
    public long jittered(long length) {
        return length;
    }

    @Override
    public void close() {
        alarms.clear();
    }

    void advance(Duration by) {
        long now = nanos.addAndGet(by.toNanos());
        for (RaceAlarm alarm : List.copyOf(alarms)) {
            long at = alarm.at.get();
            if (at <= now && alarm.at.compareAndSet(at, UNSET)) {
                alarm.task.run();
            }
        }
    }

    private final class RaceAlarm implements Alarm {
        private final Runnable task;
        private final AtomicLong at = new AtomicLong(UNSET);

        RaceAlarm(Runnable task) {
            this.task = task;
        }

        @Override
        public void callBy(long time) {
            at.accumulateAndGet(time, Math::min);
        }

        @Override
        public void close() {
            alarms.remove(this);
        }
    }
}
