package dev.healthcheck;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What a check may change of a thread that is not ours, as it was before: so that what it leaves behind reaches nobody
 * else. Thread-locals other than SLF4J's are the check's own to clear.
 */
record ThreadState(
        String name,
        int priority,
        @Nullable ClassLoader contextClassLoader,
        boolean interrupted,
        @Nullable Map<String, String> logging) {

    static ThreadState of(Thread current) {
        return new ThreadState(
                current.getName(),
                current.getPriority(),
                current.getContextClassLoader(),
                current.isInterrupted(),
                loggingContext());
    }

    /** Gives a thread that class loader; one of a caller's executor may refuse, and the run goes on all the same. */
    static void lend(Thread thread, @Nullable ClassLoader contextClassLoader) {
        try {
            thread.setContextClassLoader(contextClassLoader);
        } catch (Throwable t) {
            // as it is, then
        }
    }

    /** All but the interrupt. */
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: it is put back
    void restore(Thread current) {
        lend(current, contextClassLoader);
        try {
            Threads.rename(current, name);
            if (current.getPriority() != priority) {
                current.setPriority(priority);
            }
        } catch (Throwable t) {
            // a thread of a caller's executor may refuse that as well
        }
        restoreLogging();
    }

    void restoreInterrupt(Thread current) {
        if (interrupted) {
            current.interrupt();
        } else {
            Thread.interrupted();
        }
    }

    private void restoreLogging() {
        try {
            if (Objects.equals(logging, MDC.getCopyOfContextMap())) {
                return;
            }
            if (logging == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(logging);
            }
        } catch (Throwable t) {
            // the logging library is no reason to lose a result
        }
    }

    private static @Nullable Map<String, String> loggingContext() {
        try {
            return MDC.getCopyOfContextMap();
        } catch (Throwable t) {
            return null;
        }
    }
}
