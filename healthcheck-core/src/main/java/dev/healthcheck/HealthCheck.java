package dev.healthcheck;

/**
 * A question about the health of the application: "does the database answer?", "is the queue short enough?".
 *
 * <p>The registry calls a check on a thread of its own, never on the prober's thread. It does not call the check again
 * until the run has ended or is overdue, however many probers ask. If an overdue run does not end, the registry may
 * call the check while that run still hangs. A check may block: at its deadline the registry answers without it and
 * interrupts its thread, unless the {@linkplain CheckOptions#interruptOnTimeout(boolean) options} say no. A check that
 * throws is {@link Status#DOWN}; no other check notices.
 *
 * <p>After a run the registry restores name, priority, context class loader and interrupt flag of the thread, and
 * SLF4J's MDC. The check has to clear any other thread-local that it sets; until then the next check on that thread
 * sees it, and it keeps the check's class loader alive.
 *
 * <p>The registry closes a check that is also {@link AutoCloseable} when the check is unregistered or the registry is
 * closed, on a thread of its own, perhaps while a run is still in progress.
 */
@FunctionalInterface
public interface HealthCheck {

    /**
     * Asks the question.
     *
     * @return the result, never null
     * @throws Exception if the check cannot answer the question: it is {@link Status#DOWN}, reason {@code threw}
     */
    CheckResult check() throws Exception;

    /**
     * Asks the question, and knows the deadline of the answer. A check that can bound itself overrides this method and
     * ends by itself within {@link Deadline#ownBudget()}, with the true reason; the registry drops a result that
     * comes after the deadline. A check that may hang deposits beforehand what the registry reports then
     * ({@link Deadline#ifMissed}). Default: the same as {@link #check()}.
     *
     * @param deadline the point in time at which this run is overdue; the wait for a thread counts
     * @return the result, never null
     * @throws Exception if the check cannot answer the question: it is {@link Status#DOWN}, reason {@code threw}
     */
    default CheckResult check(Deadline deadline) throws Exception {
        return check();
    }

    /**
     * Returns the options that this check proposes. The registry calls this method once, at registration, on the thread
     * that registers; the function that the user passes at registration changes what this method returns. Default: the
     * registry's options.
     *
     * @param defaults the registry's options
     * @return the proposed options, never null
     */
    default CheckOptions options(CheckOptions defaults) {
        return defaults;
    }
}
