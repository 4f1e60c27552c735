package dev.healthcheck;

/** How our threads are made. */
final class Threads {
    private Threads() {}

    /** Inherits nothing that would keep the caller's class loader or thread-locals alive. */
    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }
}
