package dev.healthcheck.grpc;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the log on a thread of the registry, because a log can block, and no answer may wait for it. Drops lines while
 * one is being written, so a log that blocks holds one thread. Never throws. Thread-safe.
 */
final class DeferredLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.healthcheck.grpc");

    private final Executor workers;
    private final AtomicBoolean writing = new AtomicBoolean();

    DeferredLog(Executor workers) {
        this.workers = workers;
    }

    void write(Consumer<Logger> line) {
        try {
            if (!writing.getAndSet(true)) {
                workers.execute(() -> writeNow(line));
            }
        } catch (Throwable t) { // no memory: there is nobody to tell
            writing.set(false);
        }
    }

    private void writeNow(Consumer<Logger> line) {
        try {
            line.accept(LOG);
        } finally {
            writing.set(false);
        }
    }
}
