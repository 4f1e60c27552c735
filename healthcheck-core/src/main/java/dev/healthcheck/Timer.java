package dev.healthcheck;

/** The engine's only source of elapsed time and of wake-ups: the one seam through which tests move both. */
interface Timer extends Ticker, AutoCloseable {

    /**
     * Returns an alarm that is not set. All memory that setting it may take is taken here.
     *
     * @param task is called on the timer's thread. It only decides: it must not block, nor call foreign code.
     */
    Alarm alarm(Runnable task);

    /** Tries again to start the timer's thread, if there is work for it and it could not be started before. */
    void retry();

    /** Returns something between 90 and 110 % of {@code nanos}, so that what starts together does not stay together. */
    long jittered(long nanos);

    /** Drops what is set and ends the timer's thread. Idempotent. */
    @Override
    void close();

    /** A call of a task that is to come. Thread-safe. */
    interface Alarm extends AutoCloseable {

        /** Has the task called at {@code at}, in terms of {@link #nanos}, unless an earlier call is due already. */
        void callBy(long at);

        /** Drops what is due, and takes no further call. Does nothing to a call that has begun. Idempotent. */
        @Override
        void close();
    }
}
