package dev.healthcheck;

/** Elapsed time as it is, and no wake-ups: whoever waits for one waits until his own time is over. */
final class RealTime implements Timer {
    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Alarm alarm(Runnable task) {
        return new Alarm() {
            @Override
            public void callBy(long at) {}

            @Override
            public void close() {}
        };
    }

    @Override
    public void retry() {}

    @Override
    public long jittered(long nanos) {
        return nanos;
    }

    @Override
    public void close() {}
}
