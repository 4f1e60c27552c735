package dev.healthcheck;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What a thread of ours looks like before foreign code runs on it. That this is put back keeps what the code left behind
 * from whatever runs there next. Its name is not part of it: it is changed only where another one is needed.
 */
final class Look {
    private final Thread thread;
    private final int priority;
    private final @Nullable ClassLoader contextClassLoader;

    private Look(Thread thread) {
        this.thread = thread;
        priority = thread.getPriority();
        contextClassLoader = thread.getContextClassLoader();
    }

    static Look of(Thread thread) {
        return new Look(thread);
    }

    /** By the thread itself. Costs next to nothing where nothing was changed. Not under a lock: an MDC is foreign, too. */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but fairness to the checks that run next
    void restore() {
        Thread.interrupted();
        try {
            if (thread.getPriority() != priority) {
                thread.setPriority(priority);
            }
            if (thread.getContextClassLoader() != contextClassLoader) {
                thread.setContextClassLoader(contextClassLoader);
            }
            MDC.clear(); // was empty: what is ours has none
        } catch (Throwable t) {
            // a security manager or an adapter may refuse; the thread goes on as it is
        }
    }
}
