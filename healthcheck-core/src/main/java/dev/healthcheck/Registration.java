package dev.healthcheck;

/** A registered check. Thread-safe. */
public interface Registration extends AutoCloseable {

    /**
     * The name under which the check is registered.
     *
     * @return the name
     */
    String name();

    /**
     * Runs the check now, whatever verdict is at hand, and waits for it: "I have mended it, look again". Joins a run
     * that is under way. Returns at once what is known if a run is overdue, if an asynchronous check must not run yet
     * (for one timeout after a run that was overdue), or if a check of startup alone has passed.
     *
     * @return what is known after the run, at the latest when the check's timeout has passed; a caller that is
     *     interrupted waits all the same and finds its flag set
     * @throws IllegalStateException if the check was unregistered or the registry is closed
     */
    CheckReport runNow();

    /**
     * Unregisters the check. A run in progress is interrupted (unless its options say no) and its result dropped,
     * without waiting for it: what the check uses may be in use for a moment longer. A check that is
     * {@link AutoCloseable} is closed on a thread of the registry. The name is free at once. Idempotent.
     */
    @Override
    void close();
}
