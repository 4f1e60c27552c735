package dev.healthcheck;

/**
 * Receives what happens to the checks of a registry. The registry calls its listeners on one thread at a time, after it
 * has written the log line, and passes the changes of each check in the order in which they happened.
 *
 * <pre>{@code
 * health.addListener(change -> {
 *     if (change.to() == Status.DOWN) {
 *         alerts.send(change.check() + " is DOWN: " + change.reason());
 *     }
 * });
 * }</pre>
 *
 * <p>The registry logs what a listener throws, with the name of its class, and calls the other listeners. A listener
 * that blocks delays the other listeners and the log, and nothing else. When too many events wait, the registry drops
 * the oldest; it counts and logs what it drops.
 *
 * <p>A check that runs on demand does not change while nobody asks. Alerts need
 * {@link CheckOptions#every(java.time.Duration)}.
 */
@FunctionalInterface
public interface HealthListener {

    /**
     * Called when the shown status of a check or its reason has changed, and for the first verdict.
     *
     * @param change the change
     */
    void onChange(StatusChange change);

    /**
     * Called when a run has ended or is overdue. Metrics that are fed by this method need no run for a scrape. Default:
     * does nothing.
     *
     * @param report the report after the run
     */
    default void onRun(CheckReport report) {}
}
