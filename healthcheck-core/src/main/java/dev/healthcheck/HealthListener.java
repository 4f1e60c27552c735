package dev.healthcheck;

/**
 * Receives what happens to the checks of a registry. The registry calls its listeners on one thread at a time, after it
 * has written the log line, and passes the changes of each check in the order in which they happened.
 *
 * <p>The first verdict on a check is a change, too; its {@code from} is null. This listener alerts when a check is DOWN
 * from the start, and not when it is UP from the start:
 *
 * <pre>{@code
 * health.addListener(change -> {
 *     if (change.to() == Status.DOWN) {
 *         alerts.raise(change.check(), change.reason() + ", ref " + change.ref());
 *     } else if (change.from() == Status.DOWN) {
 *         alerts.resolve(change.check());
 *     }
 * });
 * }</pre>
 *
 * <p>The registry logs what a listener throws, with the name of its class, and calls the other listeners. A listener
 * that blocks delays the other listeners and the log, and nothing else. While it blocks:
 *
 * <ul>
 *   <li>The registry drops runs: {@link #onRun} gets the newest 4,096.
 *   <li>The registry drops no change. It merges the changes of a check when more than 64 of them wait, or more than one
 *       when 16,384 wait in all: {@link #onChange} gets one change from the oldest {@code from} to the newest state. So
 *       {@code from} is always the {@code to} of the call before, and the last call tells the present state. Both may
 *       be the same.
 * </ul>
 *
 * <p>The log says how many runs the registry has dropped and how many changes it has merged.
 *
 * <p>A check that runs on demand does not change while nobody asks. Alerts need
 * {@link CheckOptions#every(java.time.Duration)}.
 */
@FunctionalInterface
public interface HealthListener {

    /**
     * Called when the shown status of a check or its reason has changed, and for the first verdict.
     *
     * @param change the change, or several that were merged
     */
    void onChange(StatusChange change);

    /**
     * Called when a run has ended or is overdue. Metrics that are fed by this method need no run for a scrape. Some
     * runs may be left out while a listener or the log blocks. Default: does nothing.
     *
     * @param report the report after the run
     */
    default void onRun(CheckReport report) {}
}
