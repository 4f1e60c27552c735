package dev.healthcheck;

/** How our threads are made. */
final class Threads {
    private Threads() {}

    /** Only where needed, for it costs a system call. A name is no reason to fail. */
    static void rename(Thread thread, String name) {
        try {
            if (!thread.getName().equals(name)) {
                thread.setName(name);
            }
        } catch (Throwable t) {
            // a security manager may refuse
        }
    }

    /** Inherits no priority, and nothing that would keep the caller's class loader or thread-locals alive. */
    @SuppressWarnings("ThreadPriorityCheck") // the usual one, whatever the starting thread has
    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setPriority(Thread.NORM_PRIORITY);
        thread.setContextClassLoader(null);
        return thread;
    }
}
