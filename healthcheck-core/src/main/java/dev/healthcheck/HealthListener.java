package dev.healthcheck;

/**
 * Is told of what happens to checks. Called on one thread of the registry, after the log line was written, the changes
 * of each check in the order in which they happened. What a listener throws is logged with the name of its class and
 * disturbs nobody. A listener that blocks delays the others and the log, and nothing else: when too much is waiting the
 * oldest is dropped, counted and logged.
 *
 * <p>A check that runs only when asked does not change while nobody asks: alerting needs
 * {@link CheckOptions#every(java.time.Duration)}.
 */
@FunctionalInterface
public interface HealthListener {

    /**
     * The shown status of a check, or the reason for it, has changed. Also called for the very first verdict.
     *
     * @param change what has changed
     */
    void onChange(StatusChange change);

    /**
     * A run has ended or was judged overdue. Meant for metrics: they are fed by runs, a scrape need not run anything.
     * By default does nothing.
     *
     * @param report what is known after the run
     */
    default void onRun(CheckReport report) {}
}
