package dev.healthcheck;

/**
 * Asks one question about the health of the application: "does the database answer?", "is the queue short enough?".
 *
 * <p>A check is called on a thread of the registry, never on the prober's. Until its run has ended or is overdue it is
 * not called again, however many probers ask; after an overdue run that never ends it may be called while that one
 * still hangs. It may block: at its deadline the registry answers without it and, unless told
 * {@linkplain CheckOptions#interruptOnTimeout(boolean) otherwise}, interrupts its thread. Whatever it throws is its own
 * {@link Status#DOWN} and nobody else's.
 *
 * <p>What a run changes of its thread is put back: name, priority, context class loader, interrupt and SLF4J's MDC. Other
 * thread-locals are the check's to clear; until then the next check on that thread sees them, and they keep the check's
 * class loader.
 *
 * <p>A check that is also {@link AutoCloseable} is closed when it is unregistered or its registry is closed, on a
 * thread of the registry, perhaps while a run is still in progress.
 */
@FunctionalInterface
public interface HealthCheck {

    /**
     * Asks the question.
     *
     * @return what was found, never null
     * @throws Exception if the question could not be answered: {@link Status#DOWN}, reason {@code threw}
     */
    CheckResult check() throws Exception;

    /**
     * Asks the question, knowing until when the answer is of use. A check that can bound itself overrides this method
     * and ends by itself within {@link Deadline#ownBudget()}, with the true reason; the registry drops a result that
     * comes after the deadline. One that may hang all the same says beforehand what is to be reported then
     * ({@link Deadline#ifMissed}). By default the same as {@link #check()}.
     *
     * @param deadline when this run is overdue; the wait for a thread already counts
     * @return what was found, never null
     * @throws Exception if the question could not be answered: {@link Status#DOWN}, reason {@code threw}
     */
    default CheckResult check(Deadline deadline) throws Exception {
        return check();
    }

    /**
     * The options this check proposes, derived from those of the registry. Called once at registration, on the
     * registering thread; what the user sets at registration overrides it. By default the registry's own.
     *
     * @param defaults the registry's options
     * @return the options to start from, never null
     */
    default CheckOptions options(CheckOptions defaults) {
        return defaults;
    }
}
