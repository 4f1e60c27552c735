package dev.healthcheck;

/**
 * Receives what happens to the checks of a registry. The registry calls its listeners on one thread at a time, after it
 * has written the log line, and passes the events of each check in the order in which they happened:
 * {@link #onRegistered} first, then its runs and changes, and {@link #onUnregistered} last. {@link #onProbe} tells what
 * the changes make of a whole probe.
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
 *   <li>The registry drops no registration that lasts. When more than 64 checks have been registered and unregistered
 *       again, listeners never hear of the oldest of them.
 *   <li>The registry drops no change of a probe. It finds these when it tells what causes them, so a probe that changes
 *       and changes back between merged changes stays as it is.
 * </ul>
 *
 * <p>The log says how many runs the registry has dropped, how many changes it has merged, and of how many registrations
 * listeners have not heard.
 *
 * <p>Code that must not wait for the log or for other listeners reads {@link HealthCheckRegistry#latest()} instead.
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

    /**
     * Called when a check has been registered, before anything else of it. A listener that is added later is called for
     * each check that is registered then, in the order of registration and before any other event. So a listener that
     * keeps something for each check needs no other way to learn of them. Default: does nothing.
     *
     * @param name the name of the check
     */
    default void onRegistered(String name) {}

    /**
     * Called when a check has been unregistered, or the registry has been closed. No change and no run of this
     * registration follows. The next event of that name, if any, is {@link #onRegistered}. Each call follows one of
     * {@link #onRegistered}, and each of these is followed by this call in the end, so a listener that keeps something for
     * each check can release all of it here. {@link HealthCheckRegistry#close()} calls it for each check, and waits for
     * these calls for at most one second. Default: does nothing.
     *
     * @param name the name of the check
     */
    default void onUnregistered(String name) {}

    /**
     * Called when the whole of a probe has changed: the status of its report or the report's reason. So one call tells
     * that readiness is DOWN, however many checks are, and also if {@link HealthCheckRegistry#drain()},
     * {@link HealthCheckRegistry#close()} or a registration makes it so. It follows the call that tells the cause. A
     * cause changes a probe once at most. Default: does nothing.
     *
     * <p>The status is the one that {@link HealthCheckRegistry#check(Probe)} gives without a run. A check that has no
     * verdict yet does not count, and the first call for a probe waits until each of its checks has one, or until the
     * probe is DOWN whatever the others say. A listener that is added later first hears of the present state.
     *
     * @param change the change; its {@code from} is the {@code to} of the last call for this probe
     */
    default void onProbe(ProbeChange change) {}
}
