package dev.healthcheck;

/** The engine's only source of elapsed time and of wake-ups: the one seam through which tests move both. */
interface Timer extends Ticker, AutoCloseable {

    /**
     * Calls {@code task} once, that much later, on the timer's thread. A task only decides: it must not block, nor call
     * foreign code.
     */
    Wakeup schedule(long delayNanos, Runnable task);

    /** Somewhere between 90 and 110 % of {@code nanos}, so that what starts together does not stay together. */
    long jittered(long nanos);

    /** Drops what is scheduled and ends the timer's thread. Idempotent. */
    @Override
    void close();

    /** A call that is to come. */
    @FunctionalInterface
    interface Wakeup {
        /** Does nothing if the call has begun. */
        void cancel();
    }
}
