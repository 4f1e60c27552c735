package dev.healthcheck;

/** The registry's only source of elapsed time and of wake-ups. Tests replace it to move both. */
interface Timer extends Ticker, AutoCloseable {

    /**
     * Returns an alarm that is not set. This method takes all the memory that setting the alarm may need.
     *
     * @param task runs on the timer's thread, so it must neither block nor call foreign code
     */
    Alarm alarm(Runnable task);

    /** Tries again to start the timer's thread, if there is work for it and it could not be started before. */
    void retry();

    /** Returns 90 to 110 % of {@code nanos} at random, so that checks that start together do not stay together. */
    long jittered(long nanos);

    /** Drops what is set and ends the timer's thread. Idempotent. */
    @Override
    void close();

    /** A future call of a task. Thread-safe. */
    interface Alarm extends AutoCloseable {

        /** Has the task called at {@code at}, in terms of {@link #nanos}, unless an earlier call is due already. */
        void callBy(long at);

        /** Drops the call that is set, and accepts no other. Does not affect a call that has begun. Idempotent. */
        @Override
        void close();
    }
}
