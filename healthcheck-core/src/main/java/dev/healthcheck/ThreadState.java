package dev.healthcheck;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The state of a thread before foreign code runs on it, as far as it is restored afterwards, so that what the code
 * leaves behind reaches nothing that runs there next. The code itself has to clear thread-locals other than SLF4J's.
 *
 * <p>A thread of the registry has no logging context, and its name changes only where a task needs another one: its
 * state knows neither, so that a task which changes nothing costs no copy.
 */
final class ThreadState {
    private final Thread thread;
    private final int priority;
    private final @Nullable ClassLoader contextClassLoader;
    private final boolean interrupted;
    /** Null on a thread of the registry. */
    private final @Nullable String name;

    private final @Nullable Map<String, String> logging;

    private ThreadState(
            Thread thread, boolean interrupted, @Nullable String name, @Nullable Map<String, String> logging) {
        this.thread = thread;
        this.interrupted = interrupted;
        this.name = name;
        this.logging = logging;
        priority = thread.getPriority();
        contextClassLoader = thread.getContextClassLoader();
    }

    /** Returns the state of a thread of the registry, on which no foreign code has run yet. */
    static ThreadState ofOwn(Thread thread) {
        return new ThreadState(thread, false, null, null);
    }

    /** Returns the state of the calling thread, which may belong to anybody. */
    static ThreadState ofForeign(Thread current) {
        return new ThreadState(current, current.isInterrupted(), current.getName(), presentLogging());
    }

    /**
     * Gives {@code thread} that class loader. A thread of a caller's executor may refuse it; the run goes on anyway.
     */
    static void setContextClassLoader(Thread thread, @Nullable ClassLoader contextClassLoader) {
        try {
            thread.setContextClassLoader(contextClassLoader);
        } catch (Throwable t) {
            // the thread keeps the one that it has
        }
    }

    /**
     * Puts everything back but the interrupt. Only the thread itself may call this, and without a lock, as an MDC is
     * foreign code.
     */
    void restore() {
        setContextClassLoader(thread, contextClassLoader);
        restorePriority();
        if (name == null) {
            clearLogging();
        } else {
            Threads.rename(thread, name);
            restoreLogging();
        }
    }

    /** Puts the interrupt back. Only the thread itself may call this. */
    void restoreInterrupt() {
        if (interrupted) {
            thread.interrupt();
        } else {
            Thread.interrupted();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on a priority but fairness to what runs next
    private void restorePriority() {
        try {
            if (thread.getPriority() != priority) {
                thread.setPriority(priority);
            }
        } catch (Throwable t) {
            // a security manager or a thread of a caller's executor may refuse
        }
    }

    private static void clearLogging() {
        try {
            MDC.clear();
        } catch (Throwable t) {
            // the logging library is no reason to lose a result
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

    private static @Nullable Map<String, String> presentLogging() {
        try {
            return MDC.getCopyOfContextMap();
        } catch (Throwable t) {
            return null;
        }
    }
}
