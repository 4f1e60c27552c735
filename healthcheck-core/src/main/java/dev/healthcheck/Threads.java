package dev.healthcheck;

/** Creates and names the threads of a registry. */
final class Threads {
    private Threads() {}

    /** Renames {@code thread} if needed, as a new name costs a system call. Never throws. */
    static void rename(Thread thread, String name) {
        try {
            if (!thread.getName().equals(name)) {
                thread.setName(name);
            }
        } catch (Throwable t) {
            // a security manager may refuse
        }
    }

    /**
     * Returns a daemon thread with normal priority that keeps neither the caller's class loader nor its thread-locals
     * alive.
     */
    @SuppressWarnings("ThreadPriorityCheck") // the usual one, whatever the starting thread has
    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setPriority(Thread.NORM_PRIORITY);
        thread.setContextClassLoader(null);
        return thread;
    }
}
