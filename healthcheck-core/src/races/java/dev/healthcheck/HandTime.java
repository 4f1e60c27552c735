package dev.healthcheck;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Elapsed time that moves only when told. What is due is called on the thread that tells. Thread-safe. */
final class HandTime implements Timer {
    private static final long UNSET = Long.MAX_VALUE;

    private final AtomicLong nanos = new AtomicLong();
    private final Queue<HandAlarm> alarms = new ConcurrentLinkedQueue<>();

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Alarm alarm(Runnable task) {
        HandAlarm alarm = new HandAlarm(task);
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
        for (HandAlarm alarm : List.copyOf(alarms)) {
            long at = alarm.at.get();
            if (at <= now && alarm.at.compareAndSet(at, UNSET)) {
                alarm.task.run();
            }
        }
    }

    private final class HandAlarm implements Alarm {
        private final Runnable task;
        private final AtomicLong at = new AtomicLong(UNSET);

        HandAlarm(Runnable task) {
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
