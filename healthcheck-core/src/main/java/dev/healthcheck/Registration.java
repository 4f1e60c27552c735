package dev.healthcheck;

/** A check that is registered. Thread-safe. */
public interface Registration extends AutoCloseable {

    /**
     * Returns the name under which the check is registered.
     *
     * @return the name
     */
    String name();

    /**
     * Runs the check now, even if there is a fresh verdict, and waits for the run: for an operator who has repaired
     * something. Joins a run that is in progress. Starts no run and returns the last report at once if a run is
     * overdue, if an asynchronous check must not run yet (for one timeout after an overdue run), or if the check
     * belongs to {@link Probe#STARTUP} alone and has passed.
     *
     * @return the report after the run, at the latest when the check's timeout has passed; an interrupt does not end
     *     the wait, and the thread's interrupt flag is set on return
     * @throws IllegalStateException if the check is unregistered or the registry is closed
     */
    CheckReport runNow();

    /**
     * Unregisters the check. The registry interrupts a run in progress (unless the
     * {@linkplain CheckOptions#interruptOnTimeout(boolean) options} say no) and drops its result, but does not wait for
     * it: the run may use its resources for a moment longer. The registry closes a check that is {@link AutoCloseable}
     * on one of its threads. The name is free at once. Idempotent.
     */
    @Override
    void close();
}
